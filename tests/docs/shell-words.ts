/** What ends a command in a line of a script. */
const ends = new Set([">", "<", "|", ";", "&", "#", ")", "`"]);

/**
 * The words of a command, from the beginning of a text to where a shell would see its end. Quotes are taken away and
 * brackets of a synopsis are left out.
 */
export function shellWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (const [index, character] of [...text].entries()) {
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
      else word = (word ?? "") + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= "";
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      if (character === "\n") break;
    } else if (ends.has(character) && (word === undefined || !/[\w]/.test(text[index + 1] ?? " "))) break;
    else if (!"[]".includes(character) || quote !== undefined) word = (word ?? "") + character;
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** A script whose long lines are one line each, and whose arrays stand where they are used. */
export function flatScript(script: string): string {
  const lines = script.replace(/\\\n\s*/g, "");
  return lines.replace(/"\$\{(\w+)\[@\]\}"/g, (_, name: string) =>
    [...lines.matchAll(new RegExp(`\\b${name}\\+=\\(([^)]*)\\)`, "g"))]
      .map(([, words = ""]) => words)
      .join(" "),
  );
}
