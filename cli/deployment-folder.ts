import { constants, readdirSync } from "node:fs";
import { access, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { type Problem } from "../common/problems";
import { type Landscape } from "../landscape/landscape";
import { readDeployment } from "../resources/deployment-file";
import { toDeployment } from "../resources/deployment-writer";
import { type StackResources } from "../resources/resource";
import { WrongInput } from "./outcome";

function fileName({ project, stack }: { project: string; stack: string }): string {
  return `${project}.${stack}.json`;
}

/** Reads the files of a landscape's stacks from a folder. Stacks without a file start from nothing. */
export function readFolder(
  folder: string,
  landscape: Landscape,
): { stacks: StackResources[]; problems: Problem[] } {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    const problem = {
      where: "--from",
      what: `names a folder that cannot be read (${codeOf(error)})`,
      value: folder,
      allowed: "a folder with <project>.<stack>.json files, as --export writes them",
      change: "correct the path",
    };
    return { stacks: [], problems: [problem] };
  }
  const problems: Problem[] = [];
  const stacks: StackResources[] = [];
  const wanted = landscape.stacks.map(({ project, stack }) => fileName({ project: project.name, stack }));
  const present = wanted.filter((name) => names.includes(name));
  if (present.length === 0) {
    problems.push({
      where: "--from",
      what: "holds no file of a stack of this landscape",
      value: folder,
      allowed: wanted.join(", "),
      change: "write the files with --export or pulumi stack export",
    });
  }
  for (const name of present) {
    const file = path.join(folder, name);
    const result = readDeployment(file);
    if ("problems" in result) problems.push(...result.problems);
    else if (fileName(result.stack) !== name) {
      problems.push({
        where: file,
        what: "holds another stack than its name says",
        value: `${result.stack.project}/${result.stack.stack}`,
        allowed: "<project>.<stack>.json with the resources of that stack",
        change: `rename the file to ${fileName(result.stack)}, or export the stack again`,
      });
    } else stacks.push(result.stack);
  }
  return { stacks, problems };
}

/** Makes the folder and sees whether the landscape's files can be written into it, so that no rehearsal is made in vain. */
export async function prepareFolder(
  folder: string,
  { stacks }: Pick<Landscape, "stacks">,
): Promise<Problem[]> {
  try {
    await makeFolder(folder);
    const entries = await readdir(folder, { withFileTypes: true });
    await access(folder, constants.W_OK | constants.X_OK);
    // The others would be written by the time that one of these is noticed.
    const files = stacks.map(({ project, stack }) => fileName({ project: project.name, stack }));
    return entries
      .filter((entry) => entry.isDirectory() && files.includes(entry.name.replace(/\.part$/, "")))
      .map(({ name }) => ({
        where: `--export, ${name}`,
        what: "is a folder where a file is to be written",
        value: path.join(folder, name),
        allowed: "files, or nothing, of the names that are written",
        change: "move that folder away, or name another folder",
      }));
  } catch (error) {
    return [cannotWrite(folder, error)];
  }
}

/** Makes a folder and those above it. Node's own recursive form never ends below a file system such as /proc. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return;
    if (codeOf(error) !== "ENOENT" || path.dirname(folder) === folder) throw error;
    await makeFolder(path.dirname(folder));
    await mkdir(folder);
  }
}

/**
 * Writes each stack's file. All are written beside their final names first and renamed at the end, so that no file is
 * ever half written.
 */
export async function writeFolder(folder: string, stacks: readonly StackResources[]): Promise<void> {
  const files = stacks.map((stack) => ({ stack, file: path.join(folder, fileName(stack)) }));
  try {
    for (const { stack, file } of files)
      await writeFile(`${file}.part`, `${JSON.stringify(toDeployment(stack), null, 2)}\n`);
    for (const { file } of files) await rename(`${file}.part`, file);
  } catch (error) {
    await Promise.all(files.map(({ file }) => rm(`${file}.part`, { force: true })));
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new WrongInput("The files cannot be written", [cannotWrite(folder, error)]);
  }
}

function cannotWrite(folder: string, error: unknown): Problem {
  return {
    where: "--export",
    what: `names a folder that cannot be written (${codeOf(error)})`,
    value: folder,
    allowed: "a folder that exists or can be made",
    change: "name another folder",
  };
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
