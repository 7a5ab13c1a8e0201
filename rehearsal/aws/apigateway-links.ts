import { AwsError } from "./aws-error";
import type { Behaviours, Situation } from "./behaviour";
import { must, refuse } from "./behaviour";
import {
  idOf,
  integrationOf,
  integrationType,
  restApiType,
  stageType,
  v1LinkType,
  v2LinkType,
} from "./apigateway-facts";
import { balancerTypes, checkSecurityGroups, mustHaveSubnet } from "./ec2-facts";
import { balancerKind } from "./elb-load-balancer";
import { importDocument } from "./openapi-import";
import { object, text, texts } from "./properties";
import type { Held, World } from "./world";

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-links-v1.html */
function checkV1(s: Situation): void {
  const arns = texts(s.inputs.targetArn);
  refuse(
    arns.length !== 1,
    "BadRequestException",
    `A VPC link needs exactly one target ARN, got ${arns.length}`,
  );
  const [arn = ""] = arns;
  const [, , service, region, account] = arn.split(":");
  refuse(
    service !== "elasticloadbalancing" || region !== s.region || account !== s.account,
    "BadRequestException",
    `The target ARN '${arn}' is not a load balancer of account ${s.account} in ${s.region}`,
  );
  const balancer = must(
    s.find(arn, ...balancerTypes),
    "BadRequestException",
    `The load balancer '${arn}' does not exist`,
  );
  refuse(
    balancerKind(balancer.outputs) !== "network",
    "BadRequestException",
    `The load balancer '${arn}' is not a Network Load Balancer`,
  );
}

const subnetsPerLink = 10;

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vpc-links.html */
function checkV2(s: Situation): void {
  const ids = texts(s.inputs.subnetIds);
  refuse(ids.length === 0, "BadRequestException", "At least one subnet is required");
  refuse(
    new Set(ids).size > subnetsPerLink,
    "BadRequestException",
    `A VPC link has at most ${subnetsPerLink} subnets, got ${ids.length}`,
  );
  const subnets = ids.map((id) => mustHaveSubnet(s, id));
  const vpcs = new Set(subnets.map((subnet) => subnet.outputs.vpcId));
  refuse(
    vpcs.size > 1,
    "BadRequestException",
    `The subnets of a VPC link must belong to one VPC, not to ${[...vpcs].join(" and ")}`,
  );
  // Zone ids are invented unless the program gave them, so only a given one can be held against the list.
  const uncovered = subnets.find(
    (subnet) =>
      subnet.inputs.availabilityZoneId !== undefined &&
      unsupported(s.region, String(subnet.outputs.availabilityZoneId)),
  );
  refuse(
    uncovered !== undefined,
    "BadRequestException",
    `VPC links are not available in ${String(uncovered?.outputs.availabilityZoneId)} (${uncovered?.id ?? ""})`,
  );
  checkSecurityGroups(s, texts(s.inputs.securityGroupIds), [...vpcs][0]);
}

function unsupported(region: string, zoneId: string): boolean {
  if (region === "us-east-1") return zoneId === "use1-az3";
  return region === "us-west-1" && zoneId !== "usw1-az1" && zoneId !== "usw1-az3";
}

/** True when an API that has a stage sends requests through the link. */
function usedBy(world: World, link: Held): string | undefined {
  const staged = new Set(world.at(link, stageType).map((stage) => idOf(stage.outputs.restApi)));
  const separate = world
    .at(link, integrationType)
    .find((held) => held.outputs.connectionId === link.id && staged.has(idOf(held.outputs.restApi)));
  if (separate !== undefined) return idOf(separate.outputs.restApi);
  return world.at(link, restApiType).find((api) => {
    const body = text(api.outputs.body);
    if (body === undefined || !staged.has(api.id)) return false;
    return importDocument(body).methods.some(
      (method) => method.integration && integrationOf(method.integration, true).connectionId === link.id,
    );
  })?.id;
}

function removable(link: Held, world: World): void {
  const api = usedBy(world, link);
  refuse(
    api !== undefined,
    "BadRequestException",
    `Cannot delete vpc link. Vpc link '${link.id}', is referenced in a deployed stage of the API ${api ?? ""}`,
  );
}

/** VPC links: V1 for one Network Load Balancer, V2 for interfaces in a VPC's subnets. */
export const linkBehaviours: Behaviours = {
  [v1LinkType]: {
    required: ["targetArn"],
    autoName: { property: "name", maxLength: 255 },
    replaceOn: ["targetArn"],
    id: (s) => s.token(6, "alphanumeric"),
    computed: (s, id) => ({
      arn: `arn:${s.partition}:apigateway:${s.region}::/vpclinks/${id}`,
      tagsAll: object(s.inputs.tags),
    }),
    check: checkV1,
    removable,
    notFound: (id) => new AwsError("NotFoundException", `Invalid VpcLink identifier specified ${id}`),
  },
  [v2LinkType]: {
    required: ["securityGroupIds", "subnetIds"],
    autoName: { property: "name", maxLength: 128 },
    replaceOn: ["securityGroupIds", "subnetIds"],
    id: (s) => s.token(6, "alphanumeric"),
    computed: (s, id) => ({
      arn: `arn:${s.partition}:apigateway:${s.region}::/vpclinks/${id}`,
      tagsAll: object(s.inputs.tags),
    }),
    check: checkV2,
    removable,
    notFound: (id) => new AwsError("NotFoundException", `Invalid VpcLink identifier specified ${id}`),
  },
};
