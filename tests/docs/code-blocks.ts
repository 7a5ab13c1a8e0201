import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";

/** Folder of the repository. */
export const repository = path.join(__dirname, "..", "..");

/** A fenced block of a page. */
export interface CodeBlock {
  /** Page, relative to the repository. */
  page: string;
  /** Line of the block's first line. */
  line: number;
  text: string;
}

/** The pages of the documentation, relative to the repository. */
export function pages(): string[] {
  const below = readdirSync(path.join(repository, "docs"), { recursive: true, encoding: "utf8" });
  return ["README.md", "ARCHITECTURE.md", ...below.map((file) => path.join("docs", file))]
    .filter((file) => file.endsWith(".md"))
    .sort();
}

/** The text of a page. */
export function readPage(page: string): string {
  return readFileSync(path.join(repository, page), "utf8");
}

/** The fenced blocks of a page in one language. */
export function codeBlocks(page: string, language: string): CodeBlock[] {
  const text = readPage(page);
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm");
  return [...text.matchAll(fence)].map((match) => ({
    page,
    line: text.slice(0, match.index).split("\n").length + 1,
    text: match[1] ?? "",
  }));
}
