import { readFileSync } from "node:fs";
import * as path from "node:path";

/** A command that is built from a Go module, as the `go.mod` of a folder pins it. */
export interface GoTool {
  /** Folder of `go.mod` and `go.sum`. */
  folder: string;
  /** Import path of the command's main package. */
  package: string;
  /** Name of the binary, without the suffix that it has on Windows. */
  name: string;
  /** Version of the module that holds the package, without the leading `v`. */
  version: string;
  /** Oldest Go that builds it. */
  minimumGo: string;
}

/** Reads the one tool of a folder's `go.mod`, the only place where its version is written. */
export function readGoTool(folder: string): GoTool {
  const text = readFileSync(path.join(folder, "go.mod"), "utf8");
  const [, tool = ""] = /^tool (\S+)$/m.exec(text) ?? [];
  const [, minimumGo = ""] = /^go (\S+)$/m.exec(text) ?? [];
  const versions = [...text.matchAll(/^(?:require |\t)(\S+) v(\S+)/gm)]
    .filter(([, module]) => tool.startsWith(`${module}/`))
    .map(([, , version]) => version);
  const [version] = versions;
  if (minimumGo === "" || version === undefined || versions.length > 1)
    throw new Error(`${folder}/go.mod does not pin exactly one tool`);
  return { folder, package: tool, name: path.posix.basename(tool), version, minimumGo };
}
