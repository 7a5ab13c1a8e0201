import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { type Problem } from "../common/problems";
import { loadDocument } from "../components/openapi/load-document";
import { type OpenApiDocument } from "../components/openapi/openapi-document";

/**
 * Environment variable with the folder that relative file names in a stack's configuration start from. Without it
 * they start from the project's folder, where the stack configuration file lies unless `--config-file` says otherwise.
 */
export const configurationFolderVariable = "GATEWAY_CONFIG_DIR";

/** Loads the OpenAPI documents that services name, by service. */
export async function loadDocuments(
  services: Record<string, { openApi?: string }>,
  folder: string,
  where: string,
): Promise<{ documents: Record<string, OpenApiDocument>; problems: Problem[] }> {
  const documents: Record<string, OpenApiDocument> = {};
  const problems: Problem[] = [];
  for (const [service, { openApi }] of Object.entries(services)) {
    if (openApi === undefined) continue;
    const file = path.resolve(folder, openApi);
    let text: string;
    try {
      text = await readFile(file, "utf8");
    } catch (error) {
      problems.push({
        where: `${where}.${service}.openApi`,
        what: `names a file that cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
        value: file,
        allowed: "a readable OpenAPI document, relative to the folder of the stack configuration file",
        change: `correct the path; with --config-file, set ${configurationFolderVariable} to that file's folder`,
      });
      continue;
    }
    const loaded = await loadDocument(text, file);
    problems.push(...loaded.problems);
    if (loaded.document !== undefined) documents[service] = loaded.document;
  }
  return { documents, problems };
}
