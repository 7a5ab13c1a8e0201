import { WrongInput } from "../../cli/outcome";
import { rehearseCommand, type RehearseOptions } from "../../cli/rehearse";
import { type Problem } from "../../common/problems";

/** The problems with which a rehearsal is refused, and whether a program had run by then. */
export async function refused(
  options: RehearseOptions,
): Promise<{ problems: readonly Problem[]; ran: boolean }> {
  const told: string[] = [];
  try {
    await rehearseCommand(options, (line) => told.push(line));
  } catch (error) {
    if (!(error instanceof WrongInput)) throw error;
    return { problems: error.problems, ran: told.some((line) => line.startsWith("pass")) };
  }
  throw new Error("the input was not refused");
}
