import { stackTag, stackTagValue } from "../../ownership/tag-names";
import { type LandscapeStack } from "../../landscape/landscape";
import { type EngineSettings } from "../engine-stack";
import { object, objects, text, texts } from "../../rehearsal/aws/properties";
import { identify } from "./arns";
import { type Answer, lookUp, type Question } from "./look-up";
import { type StateResource } from "./state";

/** Something that AWS has and that belongs to the stack, or is tied to something that does. */
export interface Found {
  /** Pulumi types of which it can be. */
  types: readonly string[];
  /** The id with which the provider reads it. */
  id: string;
  /** Its ARN, where the search told it. */
  arn?: string;
  /** The tag `Name`. */
  name?: string;
  /** The provider that sees it: reference as resources have it. */
  provider: string;
  /** For what carries no tags: the inputs that make it what it is. */
  inputs?: Record<string, string>;
  /** For what carries no tags: whether it hangs on something that the stack itself has made. */
  managed?: boolean;
}

const tagging = "aws:resourcegroupstaggingapi/getResources:getResources";
const groups = "aws:autoscaling/getAmiIds:getAmiIds";
const roles = "aws:iam/getRoles:getRoles";
const role = "aws:iam/getRole:getRole";
const routeTable = "aws:ec2/getRouteTable:getRouteTable";
const vpc = "aws:ec2/getVpc:getVpc";

/** What was found, and which questions AWS did not answer. */
export interface Search {
  found: Found[];
  unanswered: string[];
}

/**
 * Looks for everything that carries a stack's owner tag, in every account and region that the stack's providers reach, and
 * for what can carry no tag but hangs on something that the stack has: routes, associations of route tables, further CIDR
 * blocks. The Resource Groups Tagging API lists neither roles nor Auto Scaling groups; these are asked for by themselves.
 * https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html
 */
export async function search(
  settings: Pick<EngineSettings, "command" | "environment">,
  stack: LandscapeStack,
  resources: readonly StateResource[],
): Promise<Search> {
  const { project, stack: name, environment } = stack;
  const owner = stackTagValue(project.name, name);
  const providers = resources.filter(({ type }) => type === "pulumi:providers:aws");
  const inputs = Object.fromEntries(
    providers.map((provider) => [referenceTo(provider), provider.inputs ?? {}]),
  );
  const unanswered: string[] = [];
  const ask = async (questions: readonly Question[]): Promise<(Record<string, unknown> | undefined)[]> => {
    const answers = await lookUp(settings, environment, inputs, questions);
    answers.forEach((answer, index) => note(questions[index], answer, unanswered));
    return answers.map(({ result }) => result);
  };

  const references = Object.keys(inputs);
  const filters = [{ name: `tag:${stackTag}`, values: [owner] }];
  const first = references.flatMap((provider): Question[] => [
    { provider, token: tagging, args: { tagFilters: [{ key: stackTag, values: [owner] }] } },
    { provider, token: groups, args: { filters } },
    { provider, token: roles, args: {} },
  ]);
  const answers = await ask(first);
  const found: Found[] = [];
  const candidates: Question[] = [];
  answers.forEach((answer, index) => {
    const { provider = "", token } = first[index] ?? {};
    if (answer === undefined) return;
    if (token === tagging) found.push(...tagged(answer, provider));
    if (token === groups) found.push(...texts(answer.arns).flatMap((arn) => ofArn(arn, undefined, provider)));
    if (token === roles)
      candidates.push(
        ...texts(answer.names)
          .filter((name_) => mayBeOurs(name_, resources))
          .map((name_) => ({ provider, token: role, args: { name: name_ } })),
      );
  });
  const tables = idsOf(found, resources, "aws:ec2/routeTable:RouteTable");
  const vpcs = idsOf(found, resources, "aws:ec2/vpc:Vpc");
  const second: Question[] = [
    ...candidates,
    ...tables.map(({ id, provider }) => ({ provider, token: routeTable, args: { routeTableId: id } })),
    ...vpcs.map(({ id, provider }) => ({ provider, token: vpc, args: { id } })),
  ];
  (await ask(second)).forEach((answer, index) => {
    const { provider = "", token } = second[index] ?? {};
    if (answer === undefined) return;
    if (token === role && object(answer.tags)[stackTag] === owner)
      found.push(...ofArn(String(answer.arn), text(object(answer.tags).Name), provider));
    if (token === routeTable) found.push(...ofRouteTable(answer, provider, isManaged(resources, answer)));
    if (token === vpc) found.push(...ofVpc(answer, provider, isManaged(resources, answer)));
  });
  return { found, unanswered };
}

/** A provider as resources refer to it. */
function referenceTo({ urn, id }: StateResource): string {
  return `${urn}::${id ?? ""}`;
}

function note(question: Question | undefined, answer: Answer, unanswered: string[]): void {
  if (answer.result === undefined && question !== undefined)
    unanswered.push(`${question.token.split(":").pop()}: ${answer.error}`);
}

function tagged(answer: Record<string, unknown>, provider: string): Found[] {
  return objects(answer.resourceTagMappingLists).flatMap(({ resourceArn, tags }) =>
    ofArn(String(resourceArn), text(object(tags).Name), provider),
  );
}

function ofArn(arn: string, name: string | undefined, provider: string): Found[] {
  const identified = identify(arn);
  return identified === undefined
    ? []
    : [{ ...identified, arn, provider, ...(name === undefined ? {} : { name }) }];
}

/** A role's generated name begins with its logical name, which ends with `-role` in every program of this project. */
function mayBeOurs(name: string, resources: readonly StateResource[]): boolean {
  return (
    /-role-[0-9a-f]{7}$/.test(name) &&
    !resources.some(({ type, id }) => type === "aws:iam/role:Role" && id === name)
  );
}

/** True for a table or VPC that is not merely read. */
function isManaged(resources: readonly StateResource[], answer: Record<string, unknown>): boolean {
  const id = answer.routeTableId ?? answer.id;
  return !resources.some((resource) => resource.id === id && resource.external === true);
}

function ofRouteTable(table: Record<string, unknown>, provider: string, managed: boolean): Found[] {
  const routeTableId = String(table.routeTableId);
  const routes = objects(table.routes).flatMap(({ cidrBlock, vpcPeeringConnectionId }) =>
    // Other routes are not made by the programs of this project.
    text(cidrBlock) === undefined || text(vpcPeeringConnectionId) === undefined
      ? []
      : [
          {
            types: ["aws:ec2/route:Route"],
            id: `${routeTableId}_${String(cidrBlock)}`,
            inputs: { routeTableId, destinationCidrBlock: String(cidrBlock) },
          },
        ],
  );
  const associations = objects(table.associations).flatMap(({ subnetId, main }) =>
    text(subnetId) === undefined || main === true
      ? []
      : [
          {
            types: ["aws:ec2/routeTableAssociation:RouteTableAssociation"],
            id: `${String(subnetId)}/${routeTableId}`,
            inputs: { subnetId: String(subnetId), routeTableId },
          },
        ],
  );
  return [...routes, ...associations].map((each) => ({ ...each, provider, managed }));
}

function ofVpc(found: Record<string, unknown>, provider: string, managed: boolean): Found[] {
  return objects(found.cidrBlockAssociations)
    .filter(({ cidrBlock }) => cidrBlock !== found.cidrBlock)
    .map(({ associationId, cidrBlock }) => ({
      types: ["aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"],
      id: String(associationId),
      inputs: { vpcId: String(found.id), cidrBlock: String(cidrBlock) },
      provider,
      managed,
    }));
}

/** Ids of a type that the stack has or that were found, with the provider that sees them. */
function idsOf(
  found: readonly Found[],
  resources: readonly StateResource[],
  type: string,
): { id: string; provider: string }[] {
  const own = resources.flatMap((resource) =>
    resource.type === type && resource.id !== undefined && resource.provider !== undefined
      ? [{ id: resource.id, provider: resource.provider }]
      : [],
  );
  const others = found.filter(({ types }) => types.includes(type));
  const all = [...own, ...others];
  return all.filter(({ id }, index) => all.findIndex((other) => other.id === id) === index);
}
