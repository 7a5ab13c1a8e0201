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
  const document = parseDocument(text, { prettyErrors: true, merge: true, logLevel: "error" });
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
    const value = document.toJS({ maxAliasCount: 100 }) as unknown;
    // Finds an anchor that contains itself, on which everything behind would run without end.
    JSON.stringify(value);
    return { value, problems: [] };
  } catch (error) {
    return {
      value: undefined,
      problems: [
        {
          where: file,
          what: `the ${what} has an alias that cannot be used: ${reasonOf(error)}`,
          allowed: "aliases of anchors that stand before them and do not contain them, at most 100 times",
          change: "write the values out, or correct the alias",
        },
      ],
    };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof TypeError ? "an anchor contains itself" : error.message;
}
