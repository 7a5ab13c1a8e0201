import * as path from "node:path";
import { type Problem } from "../common/problems";
import { prove } from "../proof/prove";
import { readDeployment } from "../resources/deployment-file";
import { type StackResources } from "../resources/resource";
import { WrongInput } from "./outcome";
import { drawLandscape } from "./render/landscape-picture";
import { type Report, reportProof } from "./report";

/** Proves the paths of deployed stacks from their files. Throws `WrongInput` with every problem of every file. */
export function proveCommand(files: readonly string[]): { report: Report; picture: string[] } {
  const problems: Problem[] = [];
  const stacks: StackResources[] = [];
  const origin = new Map<string, string>();
  for (const file of files) {
    const result = readDeployment(path.resolve(file));
    if ("problems" in result) {
      problems.push(...result.problems);
      continue;
    }
    const { project, stack } = result.stack;
    const other = origin.get(`${project}/${stack}`);
    if (other !== undefined) {
      problems.push({
        where: file,
        what: `holds the stack that ${other} holds, too`,
        value: `${project}/${stack}`,
        allowed: "one file for each stack",
        change: "leave one of the two files out",
      });
    }
    origin.set(`${project}/${stack}`, file);
    stacks.push(result.stack);
  }
  if (problems.length > 0) throw new WrongInput("The files cannot be proved", problems);
  return { report: reportProof(stacks, prove(stacks)), picture: drawLandscape(stacks) };
}
