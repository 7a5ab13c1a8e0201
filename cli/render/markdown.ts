/** Text that Markdown shows as it is, on one line, also in the cell of a table. */
export function plain(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .replace(/[\\`*_[\]|~#@]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;");
}

/** Text as code: a fence that is longer than any run of backticks in it. A bar would end a table's cell all the same. */
export function code(text: string): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").replace(/\|/g, "\\|");
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`;
}

/** A table of cells that are Markdown already; nothing for no rows. The columns whose names begin with `#` hold numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    line(head.map((name) => name.replace(/^#/, ""))),
    line(head.map((name) => (name.startsWith("#") ? "---:" : "---"))),
    ...rows.map(line),
    "",
  ];
}

/** Something long behind a line that opens it. */
export function folded(title: string, lines: readonly string[]): string[] {
  return lines.length === 0
    ? []
    : [`<details><summary>${plain(title)}</summary>`, "", ...lines, "", "</details>", ""];
}

/** Lines of text as they are. */
export function verbatim(text: string, most = 4000): string[] {
  const shown =
    text.length <= most ? text : `${text.slice(0, most)}\n... (${text.length - most} characters more)`;
  const longest = Math.max(2, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return [`${fence}text`, ...shown.split(/\r?\n/), fence, ""];
}

/** The first items of a list, and how many were left out. */
export function firstOf(items: readonly string[], most: number): string[] {
  return items.length <= most ? [...items] : [...items.slice(0, most), `- and ${items.length - most} more`];
}
