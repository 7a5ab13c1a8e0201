import { AwsError } from "./aws-error";
import type { Behaviours, Situation } from "./behaviour";
import { must, refuse } from "./behaviour";
import type { LinkUse } from "./apigateway-facts";
import { deploymentType, idOf, stageType, v1LinkType, v2LinkType } from "./apigateway-facts";
import { balancerTypes, checkSecurityGroups, mustHaveSubnet } from "./ec2-facts";
import { balancerKind } from "./elb-load-balancer";
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

/** The link of a method as a stage resolves it: a stage variable may name it. */
function resolved(connectionId: string, stage: Held): string {
  return connectionId.replace(
    /\$\{stageVariables\.(\w+)\}/g,
    (whole, name: string) => text(object(stage.outputs.variables)[name]) ?? whole,
  );
}

/**
 * A stage serves what its deployment captured, whatever has become of the API since: an API that was changed to another
 * link keeps the old one until it is deployed anew. https://github.com/hashicorp/terraform/issues/18392
 */
function removable(link: Held, world: World): void {
  const users = world.at(link, stageType).flatMap((stage) => {
    const deployment = world.find(stage, idOf(stage.outputs.deployment), deploymentType);
    const uses = (deployment?.facts.links ?? []) as LinkUse[];
    return uses
      .filter((use) => resolved(use.connectionId, stage) === link.id)
      .map((use) =>
        [idOf(stage.outputs.restApi), use.httpMethod, use.path, String(stage.outputs.stageName)].join(":"),
      );
  });
  refuse(
    users.length > 0,
    "BadRequestException",
    `Cannot delete vpc link. Vpc link '${link.id}', is referenced in [${users.join(", ")}] in format of [RESTApiId:Method:Resource:Stage].`,
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
