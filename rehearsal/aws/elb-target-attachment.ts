import { isIPv6 } from "node:net";
import { contains, parseAddress } from "../../common/ipv4";
import { AwsError } from "./aws-error";
import type { Behaviour, Situation } from "./behaviour";
import { must, refuse } from "./behaviour";
import { balancerTypes, blocksOf, mustHaveVpc, subnetTypes } from "./ec2-facts";
import { balancerKind } from "./elb-load-balancer";
import { targetGroupTypes } from "./elb-facts";
import { targetType } from "./elb-target-group";
import { number, text } from "./properties";
import type { Held } from "./world";

const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetDescription.html */
function checkAddress(s: Situation, group: Held, address: string, zone: string | undefined): void {
  if (group.outputs.ipAddressType === "ipv6") {
    refuse(!isIPv6(address), "ValidationError", `The IP address '${address}' is not a valid IPv6 address`);
    return;
  }
  refuse(
    parseAddress(address) === undefined,
    "ValidationError",
    `The IP address '${address}' is not a valid IPv4 address`,
  );
  const vpc = mustHaveVpc(s, group.outputs.vpcId);
  const inside = blocksOf(s.world, vpc).some((block) => contains(block, address));
  refuse(
    !inside && !privateRanges.some((range) => contains(range, address)),
    "InvalidTarget",
    `The following targets are invalid: the IP address '${address}' is neither in the VPC ${vpc.id} nor in ${privateRanges.join(", ")}`,
  );
  refuse(
    !inside && zone !== "all",
    "ValidationError",
    `The IP address '${address}' is outside the VPC ${vpc.id} of the target group: the Availability Zone must be 'all'${zone === undefined ? "" : `, not '${zone}'`}`,
  );
  if (!inside || zone === undefined) return;
  const subnet = s
    .others(...subnetTypes)
    .find((held) => held.outputs.vpcId === vpc.id && contains(String(held.outputs.cidrBlock), address));
  const actual = text(subnet?.outputs.availabilityZone);
  refuse(
    zone === "all" || (actual !== undefined && actual !== zone),
    "ValidationError",
    `The Availability Zone '${zone}' cannot be specified for the IP address '${address}', which is inside the VPC ${vpc.id}${actual === undefined ? "" : ` in ${actual}`}`,
  );
}

function checkAttachment(s: Situation): void {
  const arn = text(s.inputs.targetGroupArn);
  const group = must(
    s.find(arn, ...targetGroupTypes),
    "TargetGroupNotFound",
    `Target groups '${String(s.inputs.targetGroupArn)}' not found`,
  );
  const target = String(s.inputs.targetId);
  const port = number(s.inputs.port);
  refuse(
    port !== undefined && (port < 1 || port > 65535),
    "ValidationError",
    `expected port to be in the range (1 - 65535), got ${port ?? 0}`,
  );
  const type = targetType(group.outputs);
  if (type === "ip") checkAddress(s, group, target, text(s.inputs.availabilityZone));
  if (type === "instance") {
    refuse(!target.startsWith("i-"), "ValidationError", `Instance ID '${target}' is not valid`);
    const instance = must(
      s.find(target, "aws:ec2/instance:Instance"),
      "InvalidTarget",
      `The following targets are not in a running state and cannot be registered: '${target}'`,
    );
    const subnet = s.find(text(instance.outputs.subnetId), ...subnetTypes);
    refuse(
      subnet !== undefined && subnet.outputs.vpcId !== group.outputs.vpcId,
      "InvalidTarget",
      `The following targets are not in the target group VPC '${String(group.outputs.vpcId)}': '${target}'`,
    );
  }
  if (type === "alb") {
    const balancer = s.find(target, ...balancerTypes);
    refuse(
      balancer === undefined || balancerKind(balancer.outputs) !== "application",
      "InvalidTarget",
      `The target '${target}' is not an Application Load Balancer`,
    );
  }
  refuse(
    type === "lambda" && !target.startsWith("arn:"),
    "ValidationError",
    `'${target}' is not a function ARN`,
  );
}

/**
 * A target is registered once with each port, however often it is asked for:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RegisterTargets.html
 */
function registration({ outputs }: Pick<Held, "outputs">, s: Situation): string {
  const group = s.find(text(outputs.targetGroupArn), ...targetGroupTypes);
  const port = number(outputs.port) ?? number(group?.outputs.port) ?? 0;
  return [outputs.targetGroupArn, outputs.targetId, port].join(" ");
}

/** Registered targets. */
export const attachmentBehaviour: Behaviour = {
  required: ["targetGroupArn", "targetId"],
  identity: registration,
  replaceOn: ["targetGroupArn", "targetId", "port", "availabilityZone", "quicServerId"],
  id: (s) => `${String(s.inputs.targetGroupArn)}-${s.token(26, "digits")}`,
  check: checkAttachment,
  notFound: (id) => new AwsError("InvalidTarget", `no registered target '${id}'`),
};
