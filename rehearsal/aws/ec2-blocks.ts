import { contains, overlaps, parseCidr } from "../../common/ipv4";
import type { Situation } from "./behaviour";
import { refuse } from "./behaviour";
import { connections } from "./ec2-connections";
import { blocksOf, checkNetwork, mustHaveVpc, vpcTypes } from "./ec2-facts";
import { objects, text, texts } from "./properties";
import type { Held } from "./world";

/** Refuses a block that is none, or larger or smaller than VPCs and subnets can be. */
export function checkBlock(block: unknown, fromPool: boolean, code: string): void {
  if (block === undefined) {
    refuse(
      !fromPool,
      "MissingParameter",
      "The request must contain the parameter cidrBlock or ipv4IpamPoolId",
    );
    return;
  }
  checkNetwork(block, "cidrBlock");
  const given = text(block) ?? "";
  const prefix = parseCidr(given)?.prefix ?? 0;
  refuse(
    prefix < 16 || prefix > 28,
    code,
    `The CIDR '${given}' is invalid: the block size must be between a /28 netmask and /16 netmask.`,
  );
  // https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html#add-cidr-block-restrictions
  refuse(
    contains("169.254.0.0/16", given),
    code,
    `The CIDR '${given}' is invalid: blocks of the link-local range 169.254.0.0/16 cannot be assigned to VPCs.`,
  );
}

/** Ranges from which no further block may come, by the range of the first block. */
const restrictions: { primary: string; restricted: string[] }[] = [
  { primary: "10.0.0.0/8", restricted: ["172.16.0.0/12", "192.168.0.0/16", "198.19.0.0/16"] },
  {
    primary: "172.16.0.0/12",
    restricted: ["10.0.0.0/8", "192.168.0.0/16", "172.31.0.0/16", "198.19.0.0/16"],
  },
  { primary: "192.168.0.0/16", restricted: ["10.0.0.0/8", "172.16.0.0/12", "198.19.0.0/16"] },
  { primary: "198.19.0.0/16", restricted: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] },
  { primary: "0.0.0.0/0", restricted: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "198.19.0.0/16"] },
];

/** The rules for further blocks: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html#add-cidr-block-restrictions */
export function checkFurtherBlock(s: Situation): void {
  const vpc = mustHaveVpc(s, s.inputs.vpcId);
  checkBlock(s.inputs.cidrBlock, s.inputs.ipv4IpamPoolId !== undefined, "InvalidVpc.Range");
  const block = text(s.inputs.cidrBlock);
  if (block === undefined) return;
  const own = blocksOf(s.world, vpc, s.previous).find((other) => overlaps(other, block));
  refuse(
    own !== undefined,
    "InvalidVpc.Range",
    `The CIDR '${block}' conflicts with the VPC's block ${own ?? ""}`,
  );
  const primary = String(vpc.outputs.cidrBlock);
  const rule = restrictions.find((each) => contains(each.primary, primary));
  const restricted = [
    ...(rule?.restricted ?? []),
    ...(blocksOf(s.world, vpc, s.previous).some((own) => contains("10.0.0.0/15", own))
      ? ["10.0.0.0/16"]
      : []),
  ];
  const hit = restricted.find((range) => overlaps(range, block));
  refuse(
    hit !== undefined,
    "InvalidVpc.Range",
    `The CIDR '${block}' is restricted. Use a CIDR from the same private address range as the current VPC CIDR (${primary}), or use a publicly-routable CIDR or one from 100.64.0.0/10.`,
  );
  for (const table of s.world.at(
    vpc,
    "aws:ec2/route:Route",
    "aws:ec2/routeTable:RouteTable",
    "aws:ec2/defaultRouteTable:DefaultRouteTable",
  )) {
    const destinations =
      table.type === "aws:ec2/route:Route"
        ? [table.outputs.destinationCidrBlock]
        : objects(table.outputs.routes).map((r) => r.cidrBlock);
    const owner =
      table.type === "aws:ec2/route:Route"
        ? s.find(
            text(table.outputs.routeTableId),
            "aws:ec2/routeTable:RouteTable",
            "aws:ec2/defaultRouteTable:DefaultRouteTable",
          )
        : table;
    if (owner?.outputs.vpcId !== vpc.id) continue;
    const larger = texts(destinations).find((destination) => contains(block, destination));
    refuse(
      larger !== undefined,
      "InvalidCidrBlock.InUse",
      `The CIDR '${block}' is the same as or larger than the destination ${larger ?? ""} of a route in ${owner.id}`,
    );
  }
  checkPeers(s, vpc, block);
}

/** https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html#vpc-resize-restrictions (peering) */
function checkPeers(s: Situation, vpc: Held, block: string): void {
  for (const peering of connections(s.world)) {
    const requests = peering.requester.vpcId === vpc.id;
    if (!requests && peering.accepter.vpcId !== vpc.id) continue;
    const end = requests ? peering.accepter : peering.requester;
    const peer = s.world.find(end, end.vpcId, ...vpcTypes);
    const hit = peer && blocksOf(s.world, peer).find((other) => overlaps(other, block));
    refuse(
      hit !== undefined,
      "InvalidVpc.Range",
      `The CIDR '${block}' overlaps ${hit ?? ""} of the peered VPC ${end.vpcId} (${peering.held.id})`,
    );
    refuse(
      requests && !peering.active,
      "OperationNotPermitted",
      `The VPC ${vpc.id} has requested the peering connection ${peering.held.id}, which is pending acceptance: no CIDR block can be added until it is accepted or deleted`,
    );
  }
}
