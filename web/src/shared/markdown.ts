const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character]!);
}

function link(address: string, label: string): string {
  return /^(https?:\/\/|mailto:)/i.test(address)
    ? `<a href="${address}" target="_blank" rel="noopener noreferrer">${label}</a>`
    : label;
}

/** Inline marks of already escaped text. Links are taken out first so that marks inside addresses stay as they are. */
function inline(escaped: string): string {
  const kept: string[] = [];
  const keep = (html: string): string => `\uE000${kept.push(html) - 1}\uE000`;
  const marked = escaped
    .replace(/\uE000/g, "")
    .replace(/`([^`\n]+)`/g, (_, code: string) => keep(`<code>${code}</code>`))
    .replace(/\[([^\]\n]+)\]\(([^)\s]+)\)/g, (_, label: string, address: string) => keep(link(address, emphasis(label))))
    .replace(/\bhttps?:\/\/[^\s<\uE000]+[^\s<\uE000.,;:!?)]/g, (address) => keep(link(address, address)));
  return emphasis(marked).replace(/\uE000(\d+)\uE000/g, (_, at: string) => kept[Number(at)]!);
}

function emphasis(text: string): string {
  return text
    .replace(/\*\*([^*\n]+)\*\*/g, "<strong>$1</strong>")
    .replace(/(^|[^*\w])\*([^*\n]+)\*(?![*\w])/g, "$1<em>$2</em>")
    .replace(/(^|[^\w])_([^_\n]+)_(?!\w)/g, "$1<em>$2</em>");
}

/** HTML of a chat message in Markdown: bold, italic, code, links, lists and line breaks; anything else is text. */
export function renderMarkdown(source: string): string {
  const out: string[] = [];
  let list: "ul" | "ol" | null = null;
  let paragraph: string[] = [];
  const flush = (): void => {
    if (paragraph.length) out.push(`<p>${paragraph.map(inline).join("<br>")}</p>`);
    paragraph = [];
  };
  const close = (): void => {
    if (list) out.push(`</${list}>`);
    list = null;
  };
  for (const line of escapeHtml(source).split(/\r?\n/)) {
    const bullet = /^\s*[-*]\s+(.+)$/.exec(line);
    const number = /^\s*\d+[.)]\s+(.+)$/.exec(line);
    const item = bullet ?? number;
    if (item) {
      flush();
      const wanted = bullet ? "ul" : "ol";
      if (list !== wanted) {
        close();
        out.push(`<${wanted}>`);
        list = wanted;
      }
      out.push(`<li>${inline(item[1]!)}</li>`);
    } else {
      close();
      if (line.trim()) paragraph.push(line);
      else flush();
    }
  }
  flush();
  close();
  return out.join("");
}

/** HTML of plain text: escaped, addresses as links, line breaks kept. */
export function renderText(source: string): string {
  const escaped = escapeHtml(source).replace(
    /\bhttps?:\/\/[^\s<]+[^\s<.,;:!?)]/g,
    (address) => link(address, address),
  );
  return `<p>${escaped.replace(/\r?\n/g, "<br>")}</p>`;
}

export function renderMessage(contentType: string | undefined, content: string): string {
  if (contentType === "text/markdown") return renderMarkdown(content);
  if (contentType === "application/json") return `<pre>${escapeHtml(content)}</pre>`;
  return renderText(content);
}
