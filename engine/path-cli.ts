import { realpathSync } from "node:fs";
import * as path from "node:path";
import type { PulumiCli } from "./pulumi-cli";
import { binaryName, findOnPath, isExecutable, runCommand } from "./run-command";
import { allowedCli, isAllowedCli, isVersion } from "./versions";

/** A CLI on PATH that can be used, or why there is none: as half a sentence, and whether there is one at all. */
export type OnPath = { cli: PulumiCli } | { unusable: string; exists: boolean };

/** Keeps the CLI from asking the network for a newer version, which takes seconds where no network is. */
export const noUpdateCheck = { PULUMI_SKIP_UPDATE_CHECK: "true" };

/** Looks at the `pulumi` that a shell would run. */
export async function findOnPathCli(environment: NodeJS.ProcessEnv): Promise<OnPath> {
  const command = findOnPath("pulumi", environment);
  if (command === undefined) return { unusable: "no pulumi on PATH", exists: false };
  const refused = (why: string): OnPath => ({ unusable: `${command} ${why}`, exists: true });
  const answer = await runCommand(command, ["version"], {
    environment: { ...environment, ...noUpdateCheck },
    folder: path.dirname(command),
    timeoutMilliseconds: 30_000,
  });
  const version = answer.out.trim().replace(/^v/, "");
  if (!answer.good || !isVersion(version)) return refused("does not tell its version");
  if (!isAllowedCli(version)) return refused(`is version ${version}, not ${allowedCli}`);
  if (!hasLanguageHost(command, environment))
    return refused("has no pulumi-language-nodejs beside it or on PATH");
  return { cli: { command, folder: path.dirname(command), version, origin: "path" } };
}

/** The engine takes the language host from PATH, else from the folder of its own file, links followed. */
function hasLanguageHost(command: string, environment: NodeJS.ProcessEnv): boolean {
  const host = "pulumi-language-nodejs";
  const folders = [path.dirname(command), path.dirname(realpathSync(command))];
  return (
    findOnPath(host, environment) !== undefined ||
    folders.some((folder) => isExecutable(path.join(folder, binaryName(host))))
  );
}
