import { formatProblem, type Problem } from "../common/problems";
import { allowedCli } from "./versions";

/** Thrown when no CLI can be used and none can be built. The message is for the operator and complete as it is. */
export class NoPulumi extends Error {
  readonly problem: Problem;

  constructor(cause: {
    /** What is wrong, as half a sentence. */
    what: string;
    /** Where a CLI was looked for, and what was found there. */
    looked: readonly string[];
    /** Oldest Go that builds the CLI. */
    minimumGo: string;
    /** Last lines of a command that failed. */
    lines?: readonly string[];
  }) {
    const problem: Problem = {
      where: "Pulumi CLI",
      what: `no CLI can be used, and none can be built: ${cause.what}`,
      value: cause.looked.join(", "),
      allowed: `pulumi ${allowedCli} on PATH with its pulumi-language-nodejs, or Go ${cause.minimumGo} or newer to build it`,
      change:
        "install the Pulumi CLI (https://www.pulumi.com/docs/iac/download-install/), " +
        `or Go ${cause.minimumGo} or newer (https://go.dev/dl/) and run this again`,
    };
    super([formatProblem(problem), ...(cause.lines ?? []).map((line) => `  ${line}`)].join("\n"));
    this.name = "NoPulumi";
    this.problem = problem;
  }
}
