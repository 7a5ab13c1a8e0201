import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { type Registration, run, type Run, type RunOptions, type Values } from "./mocks";

/** Short names of the types that occur, so that a list of resources reads well. */
export function shortType(type: string): string {
  return type
    .replace(/^central-private-gateway:index:/, "")
    .replace(/^aws:([a-z0-9]+)\/[a-zA-Z0-9]+:/, "$1.");
}

/** Every registration but the stack's own as `<type> <name>`, sorted; an external one has `read` in front. */
export function listOf({ resources }: Pick<Run, "resources">): string[] {
  return resources
    .filter(({ type }) => type !== "pulumi:pulumi:Stack")
    .map(({ type, name, reads }) => `${reads === undefined ? "" : "read "}${shortType(type)} ${name}`)
    .sort();
}

/** The one registration with a short type and name. */
export function find({ resources }: Pick<Run, "resources">, text: string): Registration {
  const found = resources.filter(({ type, name }) => `${shortType(type)} ${name}` === text);
  const only = found[0];
  assert.equal(found.length, 1, `${found.length} resources ${text}`);
  assert.ok(only);
  return only;
}

/** Registrations of one short type, sorted by name: the order of registration is the SDK's business. */
export function all(result: Pick<Run, "resources">, type: string): Registration[] {
  return result.resources
    .filter((resource) => shortType(resource.type) === type)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A registration's inputs without tags, which name things and nothing else. */
export function inputs(result: Pick<Run, "resources">, text: string): Values {
  return without(find(result, text).inputs, "tags");
}

/** The values without some of their keys. */
export function without(values: object, ...keys: string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key)));
}

/** Short type and name behind a URN. */
export function label(urn: string): string {
  const [, , types = "", name = ""] = urn.split("::");
  return `${shortType(types.split("$").at(-1) ?? "")} ${name}`;
}

/** Expects a program to fail with one error of wrong arguments; returns its problems by property path, in order. */
export async function refusal(
  program: () => unknown,
  options: RunOptions = {},
): Promise<{ where: string; reason: string }[]> {
  const result = await run(() => {
    program();
    return {};
  }, options);
  assert.equal(result.failures.length, 1, `failures: ${result.failures.map(String).join("; ")}`);
  const error = result.failures[0];
  assert.ok(pulumi.InputPropertiesError.isInstance(error), String(error));
  return (error.errors ?? []).map(({ propertyPath, reason }) => ({ where: propertyPath, reason }));
}

/** Property paths of a refusal. */
export async function refusedPaths(program: () => unknown): Promise<string[]> {
  return (await refusal(program)).map(({ where }) => where);
}
