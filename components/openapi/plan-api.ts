import type { Problem } from "../../common/problems";
import type { ApiPlan, ApiTarget, PlannedRoute, PlannedTarget } from "./api-plan";
import { authorizerForms, parseAuthorizer, schemeName } from "./authorizer";
import { findSwallowed, readBasePath } from "./base-paths";
import { byText } from "./openapi-document";
import { readPathPrefix } from "./path-prefix";
import { formatPath } from "./path-template";
import type { PathPart } from "./path-template";
import { buildPathTree } from "./path-tree";
import { readOperations } from "./provider-operations";
import type { TargetOperation } from "./provider-operations";

/** API Gateway resources of one REST API (adjustable): page "Quotas for configuring and running a REST API". */
const mostApiResources = 300;

/** Authorizers of one REST API (adjustable): the same page. */
const mostAuthorizers = 10;

/** A target together with what was read from it. */
interface ReadTarget {
  target: PlannedTarget;
  base: PathPart[];
  operations: TargetOperation[];
}

/** One operation with its whole path at the API. */
interface FullOperation {
  read: ReadTarget;
  operation: TargetOperation;
  parts: PathPart[];
}

/**
 * Decides every path and method of the API from its targets, whatever their order: variables below one parent get one
 * name, equal paths are joined, and all that API Gateway would refuse is reported at once. Warnings name what a
 * provider's document says and the API leaves out. When there are problems the plan is what remains without the
 * targets and paths concerned, fit for further checks but not for deploying.
 */
export function planApi(targets: readonly ApiTarget[]): {
  plan: ApiPlan;
  problems: Problem[];
  warnings: string[];
} {
  const problems: Problem[] = [];
  const warnings: string[] = [];
  const sorted = [...targets].sort((a, b) => byText(a.name, b.name) || byText(a.basePath, b.basePath));
  problems.push(...duplicateNames(sorted));
  const read = sorted.flatMap((target) => readTarget(target, problems, warnings));
  problems.push(
    ...findSwallowed(
      read.map(({ target, base, operations }) => ({
        name: target.name,
        base,
        operations,
        greedy: target.document === undefined,
      })),
    ),
  );
  problems.push(...tooManyAuthorizers(read.map(({ target }) => target)));
  const full = read
    .flatMap((item) =>
      item.operations.map((operation) => ({
        read: item,
        operation,
        parts: [...item.base, ...operation.parts],
      })),
    )
    .sort(
      (a, b) =>
        byText(formatPath(a.parts), formatPath(b.parts)) || byText(a.operation.method, b.operation.method),
    );
  const tree = buildPathTree(full.map(({ parts }) => parts));
  problems.push(...mixedVariables(tree.mixed.map(({ greedy, plain }) => [full[greedy], full[plain]])));
  if (tree.size > mostApiResources) problems.push(tooManyResources(tree.size, read));
  const routes = joinRoutes(full, tree.paths, problems);
  warnings.push(...openBesideLambda(read.map(({ target }) => target)));
  return {
    plan: { targets: read.map(({ target }) => target), routes, resourceCount: tree.size },
    problems,
    warnings,
  };
}

function readTarget(target: ApiTarget, problems: Problem[], warnings: string[]): ReadTarget[] {
  const base = readBasePath(target);
  const prefix = readPathPrefix(target);
  const authorizer = parseAuthorizer(target.authorizer);
  const operations = readOperations(target);
  const { timeoutMilliseconds } = target;
  if ("problem" in base) problems.push(base.problem);
  if ("problem" in prefix) problems.push(prefix.problem);
  if (authorizer === undefined) {
    problems.push({
      where: `target ${target.name}, authorizer`,
      what: "the authorizer is of no known kind",
      value: target.authorizer,
      allowed: authorizerForms,
      change: "leave it out for AWS_IAM, or write one of the forms",
    });
  }
  if (!Number.isInteger(timeoutMilliseconds) || timeoutMilliseconds < 50 || timeoutMilliseconds > 29_000) {
    problems.push({
      where: `target ${target.name}, timeoutMilliseconds`,
      what: "the time-out is out of range",
      value: String(timeoutMilliseconds),
      allowed: "a whole number of milliseconds from 50 to 29000",
      change: "choose a time-out in the range",
    });
  }
  problems.push(...operations.problems);
  warnings.push(...operations.warnings);
  if ("problem" in base || "problem" in prefix || authorizer === undefined) return [];
  const planned: PlannedTarget = {
    name: target.name,
    basePath: target.basePath,
    pathPrefix: prefix.prefix,
    authorizer,
    timeoutMilliseconds,
    ...(target.document === undefined ? {} : { document: target.document }),
  };
  return [{ target: planned, base: base.parts, operations: operations.operations }];
}

function joinRoutes(
  full: readonly FullOperation[],
  named: readonly PathPart[][],
  problems: Problem[],
): PlannedRoute[] {
  const seen = new Map<string, FullOperation>();
  const routes: PlannedRoute[] = [];
  for (const [index, item] of full.entries()) {
    const parts = named[index] ?? item.parts;
    const { target, base } = item.read;
    const path = formatPath(parts);
    const key = `${item.operation.method} ${path}`;
    const before = seen.get(key);
    if (before !== undefined) {
      if (before.read === item.read) problems.push(sameMethodTwice(before, item, path));
      continue;
    }
    seen.set(key, item);
    routes.push(
      makeRoute(item, path, parts, `${target.pathPrefix}${formatPath(parts.slice(base.length), true)}`),
    );
  }
  return routes.sort((a, b) => byText(a.path, b.path) || byText(a.method, b.method));
}

function makeRoute(
  { read, operation }: FullOperation,
  path: string,
  parts: readonly PathPart[],
  targetPath: string,
): PlannedRoute {
  const variables = parts.filter(({ kind }) => kind !== "text").map(({ text }) => text);
  const pathParameters = variables.map((name) => ({ name, in: "path" as const, required: true }));
  const route = {
    path,
    method: operation.method,
    target: read.target.name,
    targetPath,
    parameters: [...pathParameters, ...operation.parameters],
  };
  if (operation.source === undefined) return route;
  const { names, ...source } = operation.source;
  return {
    ...route,
    source: {
      ...source,
      variables: Object.fromEntries(names.map((name, at) => [name, variables[at] ?? name])),
    },
  };
}

function sameMethodTwice(first: FullOperation, second: FullOperation, path: string): Problem {
  const method = second.operation.method.toUpperCase();
  return {
    where: `target ${second.read.target.name}, ${method} ${second.operation.source?.path ?? path}`,
    what: `the method is described twice: ${first.operation.source?.path ?? path} is the same path, since the name of a variable does not tell paths apart`,
    allowed: "each method once for a path",
    change: "remove one of the two operations",
  };
}

function mixedVariables(pairs: readonly (FullOperation | undefined)[][]): Problem[] {
  // Several methods of one path make several pairs, but one mistake.
  const problems = new Map<string, Problem>();
  for (const [greedy, plain] of pairs) {
    // Two targets that meet here have base paths of which one lies in the other's paths: told already.
    if (greedy === undefined || greedy.read !== plain?.read) continue;
    const problem = {
      where: `target ${greedy.read.target.name}, ${greedy.operation.source?.path ?? formatPath(greedy.parts)}`,
      what: `a greedy variable stands where ${plain.operation.source?.path ?? formatPath(plain.parts)} has a plain one`,
      allowed: "one variable below one path",
      change: "keep either the greedy path or the plain one",
    };
    problems.set(problem.where + problem.what, problem);
  }
  return [...problems.values()];
}

function duplicateNames(targets: readonly ApiTarget[]): Problem[] {
  const names = targets.map(({ name }) => name);
  const twice = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
  return twice.map((name) => ({
    where: `target ${name}, name`,
    what: "two targets have this name",
    value: name,
    allowed: "a name of its own for each target",
    change: "rename one of them",
  }));
}

function tooManyAuthorizers(targets: readonly PlannedTarget[]): Problem[] {
  const names = targets
    .filter(({ authorizer }) => "arn" in authorizer)
    .map(({ authorizer }) => schemeName(authorizer));
  const count = new Set(names).size;
  if (count <= mostAuthorizers) return [];
  const change = "let targets share authorizers, or divide them among several APIs";
  return [
    {
      where: "targets, authorizer",
      what: "the API has too many authorizers",
      value: String(count),
      allowed: `at most ${mostAuthorizers}`,
      change,
    },
  ];
}

function tooManyResources(size: number, read: readonly ReadTarget[]): Problem {
  const most = read
    .map(({ target, operations }) => ({
      name: target.name,
      size: buildPathTree(operations.map(({ parts }) => parts)).size,
    }))
    .sort((a, b) => b.size - a.size || byText(a.name, b.name))
    .slice(0, 3);
  return {
    where: "targets, paths",
    what: `the paths make too many API Gateway resources; most come from ${most.map((item) => `${item.name} (${item.size})`).join(", ")}`,
    value: String(size),
    allowed: `at most ${mostApiResources}, the root included`,
    change:
      "leave out the document of a target with many paths, so that two paths stand for all, or divide the targets among several APIs",
  };
}

function openBesideLambda(targets: readonly PlannedTarget[]): string[] {
  const lambda = targets.filter(({ authorizer }) => authorizer.kind === "lambda");
  const open = targets.filter(
    ({ authorizer }) => authorizer.kind === "none" || authorizer.kind === "cognito",
  );
  if (lambda.length === 0 || open.length === 0) return [];
  const [guarded, paths] = [lambda.map(({ name }) => name), open.map(({ basePath }) => basePath)];
  return [
    `targets ${guarded.join(", ")}: the authorizer must deny explicitly: where it neither allows nor denies, the resource policy's statement for ${paths.join(", ")} decides, and a path that ends like one of these matches it`,
  ];
}
