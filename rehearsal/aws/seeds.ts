import type { Problem } from "../../common/problems";
import { AwsError } from "./aws-error";
import { Situation } from "./behaviour";
import { behaviours } from "./behaviours";
import { addImplied, outputsOf } from "./holding";
import type { Properties } from "./properties";
import { plain } from "./properties";
import type { Held, World } from "./world";

interface Seed {
  type: string;
  id: string;
  account: string;
  region: string;
  properties: Properties;
}

/** Ids that EC2 gives, by type: a mistyped one would otherwise be found by nobody. */
const idForms: Record<string, RegExp> = {
  "aws:ec2/vpc:Vpc": /^vpc-[0-9a-f]+$/,
  "aws:ec2/subnet:Subnet": /^subnet-[0-9a-f]+$/,
  "aws:ec2/routeTable:RouteTable": /^rtb-[0-9a-f]+$/,
  "aws:ec2/securityGroup:SecurityGroup": /^sg-[0-9a-f]+$/,
  "aws:ec2/instance:Instance": /^i-[0-9a-f]+$/,
  "aws:ec2/routeTableAssociation:RouteTableAssociation": /^rtbassoc-[0-9a-f]+$/,
};

function formProblems(seed: Seed, where: string): Problem[] {
  const problems: Problem[] = [];
  const add = (what: string, value: unknown, allowed: string): void => {
    problems.push({
      where,
      what,
      value: String(value),
      allowed,
      change: `correct the ${what.split(" ")[0] ?? ""}`,
    });
  };
  if (behaviours[seed.type] === undefined)
    add("type is not simulated", seed.type, "a resource type that simulated AWS knows");
  if (!/^\d{12}$/.test(seed.account)) add("account is malformed", seed.account, "12 digits");
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(seed.region))
    add("region is malformed", seed.region, "a region such as us-east-1");
  const form = idForms[seed.type];
  if (seed.id === "" || (form !== undefined && !form.test(seed.id)))
    add("id is malformed", seed.id, form?.source ?? "an id");
  const missing = (behaviours[seed.type]?.required ?? []).filter(
    (name) => seed.properties[name] === undefined,
  );
  if (missing.length > 0)
    add(
      `properties are missing: ${missing.join(", ")}`,
      Object.keys(seed.properties).join(", "),
      "all that the type requires",
    );
  return problems;
}

/** Adds existing resources to a world, in any order, and returns what is wrong with them. */
export function placeSeeds(world: World, seeds: readonly Seed[]): Problem[] {
  const problems: Problem[] = [];
  const placed: { held: Held; situation: Situation; where: string }[] = [];
  const seen = new Set<string>();
  for (const [index, given] of seeds.entries()) {
    const seed = { ...given, properties: plain(given.properties) };
    const where = `existing[${index}] (${seed.type} ${seed.id})`;
    const wrong = formProblems(seed, where);
    const key = [seed.type, seed.id, seed.account, seed.region].join("|");
    if (seen.has(key))
      wrong.push({
        where,
        what: "the resource is listed twice",
        allowed: "each resource once",
        change: "remove one",
      });
    seen.add(key);
    problems.push(...wrong);
    const behaviour = behaviours[seed.type];
    if (wrong.length > 0 || behaviour === undefined) continue;
    const { type, id, account, region, properties } = seed;
    const place = { type, id, account, region, generation: 0, facts: {}, implied: [] };
    const held = world.add({ ...place, inputs: properties, outputs: properties });
    const situation = new Situation(world, account, region, properties, `${type}::${id}`, id, 0, held);
    held.outputs = { ...outputsOf(behaviour, situation, id), ...properties };
    placed.push({ held, situation, where });
  }
  for (const { held } of placed) addImplied(world, held, behaviours[held.type]);
  // Outputs and checks look at other resources, so both come again when all are there.
  for (const { held, situation, where } of placed) {
    const behaviour = behaviours[held.type];
    if (behaviour === undefined) continue;
    held.outputs = { ...outputsOf(behaviour, situation, held.id), ...held.inputs };
    behaviour.arrived?.(held, world);
    try {
      behaviour.check?.(situation);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      problems.push({
        where,
        what: `AWS would not have it: ${error.message}`,
        allowed: "what can exist in AWS",
        change: "correct the properties",
      });
    }
  }
  return problems;
}
