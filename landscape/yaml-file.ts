import { readFile } from "node:fs/promises";
import { parseDocument } from "yaml";
import { type Problem } from "../common/problems";

/** Reads a YAML file; a missing or malformed one gives problems with the line, never an exception. */
export async function readYaml(file: string, what: string): Promise<{ value: unknown; problems: Problem[] }> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    return {
      value: undefined,
      problems: [
        {
          where: file,
          what: `the ${what} cannot be read (${code})`,
          allowed: "a readable YAML file",
          change:
            code === "ENOENT" ? "correct the path, or create the file" : "make it a file that you may read",
        },
      ],
    };
  }
  // Merge keys, because the engine's own YAML reader has them.
  const document = parseDocument(text, { prettyErrors: true, merge: true });
  if (document.errors.length > 0) {
    return {
      value: undefined,
      problems: document.errors.map((error) => ({
        where: `${file}${error.linePos === undefined ? "" : `:${error.linePos[0].line}`}`,
        what: `the ${what} is not valid YAML: ${(error.message.split("\n")[0] ?? "").replace(/:$/, "")}`,
        allowed: "valid YAML",
        change: "correct the line",
      })),
    };
  }
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) as unknown, problems: [] };
  } catch (error) {
    return {
      value: undefined,
      problems: [
        {
          where: file,
          what: `the ${what} has an alias that cannot be used: ${error instanceof Error ? error.message : String(error)}`,
          allowed: "aliases of anchors that stand before them, at most 100 times",
          change: "write the values out, or correct the alias",
        },
      ],
    };
  }
}
