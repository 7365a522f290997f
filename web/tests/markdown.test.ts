import { describe, expect, it } from "vitest";
import { renderMarkdown, renderMessage, renderText } from "../src/shared/markdown";

describe("messages as HTML", () => {
  it("never lets markup of the sender through", () => {
    const bad = '<img src=x onerror="alert(1)"> [x](javascript:alert(1)) **<b>**';
    for (const html of [renderMarkdown(bad), renderText(bad), renderMessage("application/json", bad)]) {
      expect(html).not.toMatch(/<img|<b>|href="javascript/);
    }
  });

  it("renders bold, italic, code, links and lists", () => {
    expect(renderMarkdown("**a** _b_ *c* `d*e*`")).toBe(
      "<p><strong>a</strong> <em>b</em> <em>c</em> <code>d*e*</code></p>",
    );
    expect(renderMarkdown("- a\n- b\n\n1. c")).toBe("<ul><li>a</li><li>b</li></ul><ol><li>c</li></ol>");
    expect(renderMarkdown("[here](https://e.com/a_b_c)")).toBe(
      '<p><a href="https://e.com/a_b_c" target="_blank" rel="noopener noreferrer">here</a></p>',
    );
  });

  it("links bare addresses without the full stop after them", () => {
    expect(renderText("see https://e.com/x.")).toContain('href="https://e.com/x"');
  });

  it("keeps snake_case and 2*3*4 as they are", () => {
    expect(renderMarkdown("snake_case_name 2*3*4")).toBe("<p>snake_case_name 2*3*4</p>");
  });
});
