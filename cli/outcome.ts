import { type Problem } from "../common/problems";

/** Exit status of every command. */
export const exitStatus = {
  /** Every target is reachable. */
  allReachable: 0,
  /** A target is blocked or unknown, or the rehearsal did not converge. */
  notAllReachable: 1,
  /** The input is wrong. */
  wrongInput: 2,
} as const;

/** Thrown by a command whose input is wrong; `main` prints the problems and ends with status 2. */
export class WrongInput extends Error {
  constructor(
    readonly heading: string,
    readonly problems: readonly Problem[],
  ) {
    super(heading);
  }
}
