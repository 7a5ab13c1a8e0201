import * as pulumi from "@pulumi/pulumi";
import { formatProblem, type Problem } from "../common/problems";

/**
 * Throws one `pulumi.InputPropertiesError` that names every problem of a component's arguments, or returns when there
 * is none. `where` of each problem is the property path.
 */
export function refuseProblems(component: string, name: string, problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const lines = problems.map((problem) => `  - ${formatProblem(problem)}`);
  throw new pulumi.InputPropertiesError({
    message: `${component} "${name}" has wrong arguments (${problems.length}):\n${lines.join("\n")}`,
    errors: problems.map((problem) => ({ propertyPath: problem.where, reason: formatProblem(problem) })),
  });
}
