import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import Button from "@cloudscape-design/components/button";
import Input, { type InputProps } from "@cloudscape-design/components/input";
import { useI18n } from "../../i18n";
import type { Catalogue } from "../model/catalogue";
import type { FlowDocument } from "../model/document";
import { search } from "../model/search";
import "./canvas.css";

interface Props {
  document: FlowDocument;
  catalogue: Catalogue;
  /** What was found, for the canvas and the mini-map; empty when the search is left. */
  onHits: (ids: ReadonlySet<string>) => void;
  /** A hit was chosen: show it. */
  onChoose: (id: string) => void;
  onClose: () => void;
}

const NONE: ReadonlySet<string> = new Set();

/** Search through blocks and notes. Enter goes to the next hit, Shift+Enter to the one before. */
export function Find({ document, catalogue, onHits, onChoose, onClose }: Props): ReactNode {
  const { t } = useI18n();
  const [text, setText] = useState("");
  const [at, setAt] = useState(-1);
  const input = useRef<InputProps.Ref>(null);
  const hits = useMemo(() => search(document, catalogue, text), [document, catalogue, text]);
  const tell = useRef(onHits);
  tell.current = onHits;
  useEffect(() => tell.current(new Set(hits.map((hit) => hit.id))), [hits]);
  useEffect(() => {
    input.current?.focus();
    return () => tell.current(NONE);
  }, []);
  const go = (to: number): void => {
    if (!hits.length) return;
    const next = (to + hits.length) % hits.length;
    setAt(next);
    onChoose(hits[next]!.id);
  };
  return (
    <section className="flow-list" aria-label={t("canvas.find")} onKeyDown={(event) => event.key === "Escape" && onClose()}>
      <div className="flow-find">
        <Input
          ref={input} type="search" value={text} ariaLabel={t("canvas.find")} placeholder={t("canvas.find")}
          onChange={({ detail }) => {
            setText(detail.value);
            setAt(-1);
          }}
          onKeyDown={({ detail }) => detail.key === "Enter" && go(detail.shiftKey ? Math.max(at, 0) - 1 : at + 1)}
        />
        <Button variant="icon" iconName="angle-up" ariaLabel={t("canvas.previousHit")} disabled={!hits.length} onClick={() => go(Math.max(at, 0) - 1)} />
        <Button variant="icon" iconName="angle-down" ariaLabel={t("canvas.nextHit")} disabled={!hits.length} onClick={() => go(at + 1)} />
        <Button variant="icon" iconName="close" ariaLabel={t("canvas.closeFind")} onClick={onClose} />
      </div>
      <p className="flow-quiet" role="status">{text && (hits.length ? t("canvas.found", { count: hits.length }) : t("canvas.nothingFound"))}</p>
      <ul>
        {hits.map((hit, place) => (
          <li key={hit.id}>
            <button type="button" className={`flow-list-item${hit.kind === "note" ? " flow-list-note" : ""}`} aria-current={place === at} onClick={() => go(place)}>
              <span className="flow-list-title">{hit.title || t("canvas.emptyNote")}</span>
              {hit.excerpt && <span className="flow-list-excerpt">{hit.excerpt}</span>}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
