import { createHash } from "node:crypto";
import { ProblemsError, type Problem } from "../common/problems";
import { writeValue } from "./property-values";
import type { Properties, Resource, StackResources } from "./resource";

/** Written as the deployment's time when none is given, so that equal stacks give equal files. */
const WRITTEN_AT = "2020-01-01T00:00:00Z";
const VERSION = "v3.246.0";

function providerUrn(provider: string): string {
  return provider.slice(0, provider.lastIndexOf("::"));
}

function references(resource: Resource): string[] {
  return [
    ...(resource.parent === undefined ? [] : [resource.parent]),
    ...(resource.provider === undefined ? [] : [providerUrn(resource.provider)]),
    ...resource.dependencies,
    ...Object.values(resource.propertyDependencies).flat(),
  ];
}

/** Every resource after all that it refers to; otherwise the order stays. Problems: references to nothing, cycles. */
function inDependencyOrder(resources: Resource[], problems: Problem[]): Resource[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const state = new Map<string, "open" | "done">();
  const ordered: Resource[] = [];
  const allowed = "references to resources of the same stack, without cycles";
  for (const first of resources) {
    const stack: { resource: Resource; rest: string[] }[] = [];
    const enter = (resource: Resource): void => {
      state.set(resource.urn, "open");
      stack.push({ resource, rest: references(resource) });
    };
    if (!state.has(first.urn)) enter(first);
    for (let top = stack[stack.length - 1]; top !== undefined; top = stack[stack.length - 1]) {
      const next = top.rest.shift();
      if (next === undefined) {
        state.set(top.resource.urn, "done");
        ordered.push(top.resource);
        stack.pop();
        continue;
      }
      const target = byUrn.get(next);
      if (target === undefined || state.get(next) === "open") {
        const what =
          target === undefined ? "refers to a resource that is not in the stack" : "depends on itself";
        problems.push({
          where: top.resource.urn,
          what,
          value: next,
          allowed,
          change: "add the resource or drop the reference",
        });
      } else if (!state.has(next)) enter(target);
    }
  }
  return ordered;
}

function writeResource(resource: Resource, outputs: Properties): Record<string, unknown> {
  return {
    urn: resource.urn,
    custom: resource.custom,
    ...(resource.id === "" ? {} : { id: resource.id }),
    type: resource.type,
    inputs: writeValue(resource.inputs),
    outputs: writeValue(outputs),
    ...(resource.parent === undefined ? {} : { parent: resource.parent }),
    ...(resource.external ? { external: true } : {}),
    ...(resource.provider === undefined ? {} : { provider: resource.provider }),
    ...(resource.dependencies.length === 0 ? {} : { dependencies: resource.dependencies }),
    ...(Object.keys(resource.propertyDependencies).length === 0
      ? {}
      : { propertyDependencies: resource.propertyDependencies }),
  };
}

function stackResource(stack: StackResources): Resource {
  const name = `${stack.project}-${stack.stack}`;
  return {
    urn: `urn:pulumi:${stack.stack}::${stack.project}::pulumi:pulumi:Stack::${name}`,
    type: "pulumi:pulumi:Stack",
    name,
    id: "",
    custom: false,
    external: false,
    dependencies: [],
    propertyDependencies: {},
    inputs: {},
    outputs: {},
  };
}

/**
 * The stack as the JSON value of a `pulumi stack export` file, version 3, that `pulumi stack import` accepts: every
 * parent, dependency and provider is in the file and stands before its user. The stack's own resource is added when
 * the list has none, and carries the stack outputs. A secret that is not known is written with an empty cipher text,
 * which reads back as unknown; the engine cannot decrypt it.
 * @param time the manifest's time, RFC 3339; a constant by default, so that the file is reproducible.
 * @throws ProblemsError when a reference leads to no resource of the stack, or in a circle.
 */
export function toDeployment(stack: StackResources, time = WRITTEN_AT): Record<string, unknown> {
  const hasRoot = stack.resources.some((resource) => resource.type === "pulumi:pulumi:Stack");
  const all = hasRoot ? stack.resources : [stackResource(stack), ...stack.resources];
  const problems: Problem[] = [];
  const ordered = inDependencyOrder(all, problems);
  if (problems.length > 0) throw new ProblemsError(problems, "the stack cannot be written");
  return {
    version: 3,
    deployment: {
      manifest: { time, magic: createHash("sha256").update(VERSION).digest("hex"), version: VERSION },
      resources: ordered.map((resource) =>
        writeResource(resource, resource.type === "pulumi:pulumi:Stack" ? stack.outputs : resource.outputs),
      ),
    },
  };
}
