import * as path from "node:path";
import { checkAccounts, checkContracts } from "../landscape/check-contracts";
import { checkLandscape } from "../landscape/check-landscape";
import { readLandscape } from "../landscape/landscape";
import { withoutEchoes } from "../landscape/places";
import { repositoryFolder } from "../landscape/projects";
import { prove } from "../proof/prove";
import { existingProblems, rehearse, stoppingProblems } from "../rehearsal/rehearse";
import { prepareFolder, readFolder, writeFolder } from "./deployment-folder";
import { WrongInput } from "./outcome";
import { drawLandscape } from "./render/landscape-picture";
import { type Report, reportRehearsal } from "./report";

export interface RehearseOptions {
  /** Landscape file. Defaults to the bank. */
  landscape?: string;
  /** Folder to which the stacks are written. */
  export?: string;
  /** Folder from which the rehearsal starts. */
  from?: string;
}

/** The landscape that is rehearsed when none is named. */
export const defaultLandscape = path.join(repositoryFolder, "examples", "bank", "landscape.yaml");

/** Rehearses a landscape and proves its paths. Throws `WrongInput` with every problem. */
export async function rehearseCommand(
  options: RehearseOptions,
  progress: (line: string) => void,
): Promise<{ report: Report; picture: string[] }> {
  const file = path.resolve(options.landscape ?? defaultLandscape);
  progress(`reading ${file}`);
  const { landscape, problems } = await readLandscape(file);
  if (landscape === undefined) throw new WrongInput("The landscape has mistakes", problems);
  problems.push(...(await checkLandscape(landscape)).problems, ...existingProblems(landscape));
  const from = options.from === undefined ? undefined : readFolder(path.resolve(options.from), landscape);
  if (from !== undefined) {
    // A file that cannot be read would look like a contract that has vanished.
    problems.push(...checkAccounts(landscape, from.stacks));
    problems.push(...(from.problems.length > 0 ? from.problems : checkContracts(landscape, from.stacks)));
  }
  const folder = options.export === undefined ? undefined : path.resolve(options.export);
  if (problems.length === 0 && folder !== undefined)
    problems.push(...(await prepareFolder(folder, landscape)));
  if (problems.length > 0) throw new WrongInput("The landscape has mistakes", withoutEchoes(problems));

  const rehearsal = await rehearse(landscape, from?.stacks, ({ pass, project, stack, reason }) =>
    progress(`pass ${pass}: ${project}/${stack} (${reason})`),
  );
  const refused = stoppingProblems(rehearsal);
  if (refused.length > 0) throw new WrongInput("A program stopped before its first resource", refused);
  if (folder !== undefined) await writeFolder(folder, rehearsal.stacks);
  return {
    report: reportRehearsal(landscape.name, rehearsal, prove(rehearsal.stacks), from !== undefined),
    picture: drawLandscape(rehearsal.stacks),
  };
}
