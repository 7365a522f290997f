import { describe, expect, it } from "vitest";
import { answerTo, chosenBy, cut, daysOf, INTERACTIVE, INTERACTIVE_RESPONSE, isReplaced, selectionOf, selectionText, templateOf, zoneOf } from "../src/shared/interactive";
import { renderTemplate, type View } from "../src/shared/interactiveView";

const texts = { previousDay: "Earlier day", nextDay: "Later day", previousCard: "Previous", nextCard: "Next", yourZone: "Your zone", opens: "Opens" };
const view: View = { texts, language: "en", active: true, chosen: null, reply: true };
const message = (templateType: string, content: object, data: object = {}, top: object = {}): string => JSON.stringify({ templateType, version: "1.0", data: { content, ...data }, ...top });
const picker = message("ListPicker", { title: "What produce?", subtitle: "*Tap* one", elements: [{ title: "Apple", subtitle: "$1.00" }, { title: "Orange" }] }, { replyMessage: { title: "Thanks!" } });

describe("templates", () => {
  it("answer with the title, and show their reply (FLOW-114, FLOW-119)", () => {
    const template = templateOf(picker)!;
    expect(answerTo(template, template.cards[0]!, template.cards[0]!.options[1]!)).toEqual({ contentType: "text/plain", content: "Orange" });
    expect(renderTemplate(template, view)).toContain("<em>Tap</em>");
    const chosen = chosenBy(template, "Orange", "en");
    expect(chosen).toEqual({ card: 0, option: 1 });
    const after = renderTemplate(template, { ...view, active: false, chosen });
    expect([after.includes("Thanks!"), after.includes("Orange")]).toEqual([true, false]);
    expect(renderTemplate(template, { ...view, active: false, chosen, reply: false })).toContain("ic-option ic-chosen");
  });
  it("cut what is too long (FLOW-122)", () => {
    const template = templateOf(message("QuickReply", { title: "x".repeat(401), elements: [{ title: "y".repeat(201) }, { title: "z" }] }))!;
    expect([template.title.length, template.title.slice(-4)]).toEqual([400, "x..."]);
    expect(template.cards[0]!.options[0]!.title).toBe(`${"y".repeat(197)}...`);
    expect(cut("𠮷𠮷𠮷𠮷𠮷", 4)).toBe("𠮷...");
  });
  it("take pictures by https only, with what they show", () => {
    const withPicture = (imageData: string): string => renderTemplate(templateOf(message("Panel", { title: "P", imageType: "URL", imageData, imageDescription: 'A "shop"', elements: [{ title: "One" }] }))!, view);
    expect(withPicture("https://example.com/a.png")).toContain('src="https://example.com/a.png" alt="A &quot;shop&quot;"');
    for (const bad of ["http://example.com/a.png", "javascript:alert(1)", 'https://x"onerror="a']) expect(withPicture(bad)).not.toContain("<img");
  });
  it("are never markup of their own", () => {
    const html = renderTemplate(templateOf(message("Panel", { title: "<script>x</script>", elements: [{ title: "<b>One</b>" }] }))!, view);
    expect(html).not.toMatch(/<script>|<b>One/);
  });
  it("are nothing where nobody knows them", () => {
    expect([templateOf("no"), templateOf("[]"), templateOf('{"templateType":"Form"}')]).toEqual([null, null, null]);
  });
});

describe("a time picker (FLOW-115)", () => {
  const slots = ["2020-11-15T13:00+00:00", "2020-10-31T17:00+00:00", "2020-10-31T08:00+00:00"].map((date) => ({ date, duration: 60 }));
  const card = templateOf(message("TimePicker", { title: "When?", timeZoneOffset: -450, location: { title: "Oscar", latitude: 1, longitude: 1 }, timeslots: slots }))!.cards[0]!;
  it("groups slots by day in the zone of the place", () => {
    expect(daysOf(card, "en").map((day) => [day.label, day.times.map((one) => one.label.replace(/\s/g, " "))])).toEqual([
      ["Saturday, October 31, 2020", ["12:30 AM", "9:30 AM"]],
      ["Sunday, November 15, 2020", ["5:30 AM"]],
    ]);
    expect(daysOf(card, "ja")[0]!.label).toBe("2020年10月31日土曜日");
    expect([zoneOf(-450), zoneOf(540)]).toEqual(["UTC−07:30", "UTC+09:00"]);
  });
  it("turns days, and knows what was chosen", () => {
    const template = { title: "When?", cards: [card], carousel: false, vertical: false, omitTitle: false };
    const html = renderTemplate(template, view);
    expect(html).toContain("Oscar · UTC−07:30");
    expect(html.match(/class="ic-day"/g)).toHaveLength(2);
    expect(html.match(/class="ic-day" hidden/g)).toHaveLength(1);
    expect(chosenBy(template, daysOf(card, "en")[1]!.times[0]!.answer, "en")).toEqual({ card: 0, option: 2 });
  });
});

describe("a carousel (FLOW-118)", () => {
  const panel = (templateIdentifier: string, title: string, elements: object[]): object => JSON.parse(message("Panel", { title, elements }, {}, { templateIdentifier })) as object;
  const of = (content: object): string => message("Carousel", { title: "Places", elements: [panel("t0", "California", [{ title: "Book hotels" }]), panel("t1", "New York", [{ title: "Flights", type: "hyperlink", url: "https://example.com/f" }])], ...content });
  it("answers with JSON that names the list", () => {
    const template = templateOf(of({}))!;
    const answer = answerTo(template, template.cards[0]!, template.cards[0]!.options[0]!);
    expect(answer).toEqual({ contentType: "text/plain", content: '{"templateIdentifier":"t0","listTitle":"California","selectionText":"Book hotels"}' });
    const selection = selectionOf(answer.content)!;
    const said = (content: object) => [{ ContentType: INTERACTIVE, Content: of(content) }];
    expect(selectionText(selection, said({}))).toBe("California: Book hotels");
    expect(selectionText(selection, said({ omitTitleFromCarouselResponse: true }))).toBe("Book hotels");
  });
  it("has links, and stands upright where it says so", () => {
    expect(renderTemplate(templateOf(of({}))!, view)).toMatch(/<a class="ic-option" href="https:\/\/example.com\/f" target="_blank" rel="noopener noreferrer"/);
    expect(renderTemplate(templateOf(of({ carouselVertical: true }))!, view)).toContain('class="ic-carousel ic-vertical"');
  });
});

describe("pages of options (FLOW-120)", () => {
  const page = (preIndex: number, nextIndex: number): string =>
    message("ListPicker", { title: "Services", referenceId: "r1", listId: "serviceList", preIndex, nextIndex, elements: [{ title: "One" }, { title: "Show more", actionDetail: "SHOW_MORE" }] });
  it("are asked for by an interactive response", () => {
    const template = templateOf(page(-1, 5))!;
    expect(answerTo(template, template.cards[0]!, template.cards[0]!.options[1]!)).toEqual({
      contentType: INTERACTIVE_RESPONSE,
      content: '{"version":"1.0","data":{"actionName":"SHOW_MORE","preIndex":-1,"nextIndex":5,"listId":"serviceList","templateType":"ListPicker","referenceId":"r1"},"action":"SHOW_MORE"}',
    });
  });
  it("replace each other", () => {
    const items = [page(-1, 5), page(4, 9)].map((Content) => ({ ContentType: INTERACTIVE, Content }));
    expect([isReplaced(items, 0), isReplaced(items, 1)]).toEqual([true, false]);
  });
});
