import * as path from "node:path";
import { z } from "zod";
import { Collector, refuse } from "../common/collector";
import { type Problem } from "../common/problems";
import { type RawConfig } from "../configuration/raw-config";
import { accountId, region } from "../common/values";
import { type Project, projects } from "./projects";
import { readStackConfigFile } from "./stack-config-file";
import { readYaml } from "./yaml-file";

/** One stack of a landscape. */
export interface LandscapeStack {
  project: Project;
  stack: string;
  /** The stack's configuration file. */
  file: string;
  config: RawConfig;
  /** False when the configuration file could not be read, so that the configuration says nothing. */
  readable: boolean;
  /** Environment variables of the engine's commands on this stack, such as the credentials' profile. */
  environment: Record<string, string>;
}

/** Something that exists in an account before anything is deployed. */
export interface Existing {
  account: string;
  region: string;
  /** Pulumi type token. */
  type: string;
  id: string;
  /** Output properties, as Pulumi names them. */
  properties: Record<string, unknown>;
}

/** The gateway's stack and all provider stacks that belong together, with their configuration. */
export interface Landscape {
  name: string;
  file: string;
  /** First part of the stacks' fully qualified names. With a self-managed backend it is the word `organization`. */
  organization: string;
  stacks: LandscapeStack[];
  existing: Existing[];
  /** False when the landscape file has mistakes, so that stacks may be missing here. */
  complete: boolean;
  /** Quotas that AWS has raised, by account: rules of one direction in a security group. */
  quotas: Record<string, { securityGroupRules?: number }>;
}

const projectName = z.string().superRefine((name, ctx) => {
  if (!Object.hasOwn(projects, name)) {
    refuse(ctx, "is not a project", {
      allowed: Object.keys(projects).join(", "),
      change: "name one of the projects",
    });
  }
});

const stackSchema = z.strictObject({
  project: projectName,
  stack: z.string().regex(/^[A-Za-z0-9._-]{1,100}$/, "letters, digits, '.', '_' and '-'"),
  config: z.string().min(1),
  environment: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "the name of an environment variable"), z.string())
    .default({}),
});

const existingSchema = z.strictObject({
  account: accountId,
  region,
  type: z.string().regex(/^[a-z0-9-]+:[^:]*:[^:]+$/, "a Pulumi type token such as aws:ec2/vpc:Vpc"),
  id: z.string().min(1),
  properties: z.record(z.string(), z.unknown()),
});

const organizationName = z
  .string()
  .regex(/^[^/\s]+$/, "a name without slashes and blanks")
  .default("organization");

const quotas = z
  .record(accountId, z.strictObject({ securityGroupRules: z.number().int().min(1).max(1000).optional() }))
  .default({});

const schema = z.strictObject({
  name: z.string().min(1),
  organization: organizationName,
  stacks: z.array(stackSchema).min(1),
  existing: z.array(existingSchema).default([]),
  quotas,
});

/** What can be used of a landscape file with mistakes, so that they do not hide those of the configuration files. */
const usableParts = z.object({
  name: z.string().catch(""),
  organization: organizationName.catch("organization"),
  stacks: z.array(z.unknown()).transform((entries) =>
    entries.flatMap((entry) => {
      const read = z.object(stackSchema.shape).safeParse(entry);
      return read.success ? [read.data] : [];
    }),
  ),
  existing: z.array(existingSchema).catch([]).default([]),
  quotas: quotas.catch({}),
});

/** Fully qualified name of a stack of the landscape, as references have it. */
export function qualifiedName(
  { organization }: Pick<Landscape, "organization">,
  { project, stack }: Pick<LandscapeStack, "project" | "stack">,
): string {
  return `${organization}/${project.name}/${stack}`;
}

/**
 * Reads a landscape file and the configuration files of its stacks; all problems of all files together. There is no
 * landscape when the landscape file itself cannot be used, and an incomplete one when parts of it cannot.
 */
export async function readLandscape(
  file: string,
): Promise<{ landscape: Landscape | undefined; problems: Problem[] }> {
  const { value, problems } = await readYaml(file, "landscape file");
  if (problems.length > 0) return { landscape: undefined, problems };
  const collector = new Collector();
  const complete = collector.parse(schema, value ?? {}, file);
  problems.push(...collector.problems);
  const parsed = complete ?? usableParts.safeParse(value).data;
  if (parsed === undefined) return { landscape: undefined, problems };
  const landscape: Landscape = {
    name: parsed.name,
    file,
    organization: parsed.organization,
    stacks: [],
    existing: parsed.existing,
    complete: complete !== undefined,
    quotas: parsed.quotas,
  };
  for (const given of parsed.stacks) {
    const project = projects[given.project] as Project;
    const configFile = path.resolve(path.dirname(file), given.config);
    const read = await readStackConfigFile(configFile, project);
    problems.push(...read.problems);
    const { config, readable } = read;
    landscape.stacks.push({
      project,
      stack: given.stack,
      file: configFile,
      config,
      readable,
      environment: given.environment,
    });
  }
  problems.push(...repeated(landscape, file));
  return { landscape, problems };
}

function repeated({ stacks }: Landscape, file: string): Problem[] {
  return stacks.flatMap((stack, index) => {
    const other = stacks
      .slice(0, index)
      .findIndex((s) => s.project === stack.project && s.stack === stack.stack);
    if (other === -1) return [];
    return [
      {
        where: `${file}.stacks[${index}]`,
        what: `is the same stack as stacks[${other}]`,
        value: `${stack.project.name}/${stack.stack}`,
        allowed: "each stack once",
        change: "remove one, or give it another name",
      },
    ];
  });
}
