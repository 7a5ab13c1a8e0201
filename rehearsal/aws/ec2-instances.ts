import { AwsError } from "./aws-error";
import type { Behaviours, Situation } from "./behaviour";
import { must, oneOf, refuse } from "./behaviour";
import { checkSecurityGroups, mustHaveSubnet, subnetTypes, vpcTypes } from "./ec2-facts";
import { attachedInterfaces, checkFreeAddress, networkInterfaceType, someAddress } from "./ec2-interfaces";
import { zoneNames } from "./ec2-zones";
import type { Properties } from "./properties";
import { isObject, number, object, objects, sameProperty, text, texts } from "./properties";
import type { Held } from "./world";

const templateType = "aws:ec2/launchTemplate:LaunchTemplate";

/** The launch template that a block names by id or name, or AWS's refusal. */
function mustHaveTemplate(s: Situation, block: Properties): Held {
  oneOf(block, ["id", "name"], true);
  const id = text(block.id);
  const found =
    s.find(id, templateType) ?? s.others(templateType).find((held) => held.outputs.name === text(block.name));
  const version = text(block.version);
  const template = must(
    found,
    id === undefined ? "InvalidLaunchTemplateName.NotFoundException" : "InvalidLaunchTemplateId.NotFound",
    `The specified launch template, with template ${id === undefined ? `name ${String(block.name)}` : `ID ${id}`}, does not exist.`,
  );
  refuse(
    version !== undefined &&
      /^\d+$/.test(version) &&
      Number(version) > (number(template.outputs.latestVersion) ?? 1),
    "InvalidLaunchTemplateId.VersionNotFound",
    `Could not find launch template version ${version ?? ""} of ${template.id}`,
  );
  return template;
}

function checkInstance(s: Situation): void {
  const template = objects(s.inputs.launchTemplate)[0];
  const from = template === undefined ? undefined : mustHaveTemplate(s, template);
  const image = text(s.inputs.ami) ?? text(from?.outputs.imageId);
  refuse(image === undefined, "MissingParameter", "The request must contain the parameter ImageId");
  refuse(
    image !== undefined && !/^ami-[0-9a-f]{8,17}$|^resolve:ssm:/.test(image),
    "InvalidAMIID.Malformed",
    `Invalid id: "${image ?? ""}" (expecting "ami-...")`,
  );
  refuse(
    (text(s.inputs.instanceType) ??
      text(from?.outputs.instanceType) ??
      from?.outputs.instanceRequirements) === undefined,
    "MissingParameter",
    "one of instanceType, launchTemplate must be specified",
  );
  const attached = attachedInterfaces(s.inputs);
  for (const id of attached)
    must(
      s.find(id, networkInterfaceType),
      "InvalidNetworkInterfaceID.NotFound",
      `The networkInterface ID '${id}' does not exist`,
    );
  const subnetId = text(s.inputs.subnetId) ?? text(objects(from?.outputs.networkInterfaces)[0]?.subnetId);
  refuse(
    subnetId === undefined && attached.length === 0 && s.previous === undefined,
    "VPCIdNotSpecified",
    "No default VPC for this user",
  );
  if (subnetId === undefined) return;
  const subnet = mustHaveSubnet(s, subnetId);
  const address = text(s.inputs.privateIp);
  if (address !== undefined) checkFreeAddress(s, subnet, address);
  checkSecurityGroups(s, texts(s.inputs.vpcSecurityGroupIds), subnet.outputs.vpcId);
}

/**
 * EC2 takes a template with both; who launches from it is refused.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/create-launch-template.html
 */
function checkTemplate({ outputs }: Held): void {
  refuse(
    texts(outputs.vpcSecurityGroupIds).length > 0 && objects(outputs.networkInterfaces).length > 0,
    "InvalidQueryParameter",
    "Invalid launch template: When a network interface is provided, the security groups must be a part of it.",
  );
}

/** An unset capacity stays what it was, within the bounds. */
function capacity(s: Situation): number {
  const [min, max] = [number(s.inputs.minSize) ?? 0, number(s.inputs.maxSize) ?? 0];
  return Math.min(max, Math.max(min, number(s.previous?.outputs.desiredCapacity) ?? min));
}

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html */
function checkAutoScalingGroup(s: Situation): void {
  const mixed = object(
    object(object(s.inputs.mixedInstancesPolicy).launchTemplate).launchTemplateSpecification,
  );
  oneOf(s.inputs, ["launchTemplate", "launchConfiguration", "mixedInstancesPolicy"], true);
  const template = objects(s.inputs.launchTemplate)[0];
  if (template !== undefined) checkTemplate(mustHaveTemplate(s, template));
  if (isObject(s.inputs.mixedInstancesPolicy))
    checkTemplate(
      mustHaveTemplate(s, {
        id: mixed.launchTemplateId,
        name: mixed.launchTemplateName,
        version: mixed.version,
      }),
    );
  const [min, max] = [number(s.inputs.minSize) ?? 0, number(s.inputs.maxSize) ?? 0];
  const desired = number(s.inputs.desiredCapacity);
  refuse(
    min > max,
    "ValidationError",
    `Max bound, ${max}, must be greater than or equal to min bound, ${min}`,
  );
  refuse(
    desired !== undefined && (desired < min || desired > max),
    "ValidationError",
    `Desired capacity:${desired ?? 0} must be between the specified min size:${min} and max size:${max}`,
  );
  const subnets = texts(s.inputs.vpcZoneIdentifiers);
  refuse(
    subnets.length === 0 && texts(s.inputs.availabilityZones).length === 0,
    "ValidationError",
    "At least one Availability Zone or VPC Subnet is required.",
  );
  for (const zone of texts(s.inputs.availabilityZones))
    refuse(
      !zoneNames(s.region).includes(zone),
      "ValidationError",
      `One or more Availability Zones are invalid: ${zone}`,
    );
  const vpcs = new Set(subnets.map((id) => mustHaveSubnet(s, id).outputs.vpcId));
  refuse(vpcs.size > 1, "ValidationError", `The subnets ${subnets.join(", ")} are not all in one VPC`);
  for (const arn of texts(s.inputs.targetGroupArns)) {
    const group = must(
      s.find(
        arn,
        "aws:lb/targetGroup:TargetGroup",
        "aws:alb/targetGroup:TargetGroup",
        "aws:elasticloadbalancingv2/targetGroup:TargetGroup",
      ),
      "ValidationError",
      `Provided Target Groups may not be valid. Please ensure they exist and try again: ${arn}`,
    );
    refuse(
      (group.outputs.targetType ?? "instance") !== "instance",
      "ValidationError",
      `The target type for target group ${arn} is ${String(group.outputs.targetType)}: an Auto Scaling group needs the target type instance`,
    );
  }
  const name = s.physicalName();
  refuse(
    s.others("aws:autoscaling/group:Group").some((other) => other.outputs.name === name),
    "AlreadyExists",
    `AutoScalingGroup by this name already exists - A group with the name ${name} already exists`,
  );
}

/** What a launch template's versions hold. The rest, tags among it, belongs to the template itself and is changed in place. */
function content(inputs: Properties): Properties {
  const outside = ["name", "namePrefix", "tags", "defaultVersion", "updateDefaultVersion", "region"];
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => !outside.includes(key)));
}

/** https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html#vpc-dns-hostnames */
function privateName(region: string, address: string): string {
  const domain = region === "us-east-1" ? "ec2.internal" : `${region}.compute.internal`;
  return address === "" ? "" : `ip-${address.replaceAll(".", "-")}.${domain}`;
}

/** Instances, launch templates and Auto Scaling groups. What a group launches is not simulated. */
export const instanceBehaviours: Behaviours = {
  [templateType]: {
    autoName: { property: "name", maxLength: 125 },
    replaceOn: ["name", "namePrefix"],
    id: (s) => s.ec2Id("lt"),
    computed: (s, id) => {
      const latest = number(s.previous?.outputs.latestVersion) ?? 0;
      const same = s.previous !== undefined && sameProperty(content(s.previous.inputs), content(s.inputs));
      const version = same ? latest : latest + 1;
      const standing = number(s.previous?.outputs.defaultVersion) ?? 1;
      return {
        arn: s.arn("ec2", `launch-template/${id}`),
        latestVersion: version,
        defaultVersion:
          number(s.inputs.defaultVersion) ?? (s.inputs.updateDefaultVersion === true ? version : standing),
        tagsAll: object(s.inputs.tags),
      };
    },
    check: (s) => {
      const name = s.physicalName();
      refuse(
        name.length < 3 || name.length > 128 || !/^[a-zA-Z0-9().\-/_]+$/.test(name),
        "InvalidLaunchTemplateName.MalformedException",
        `The launch template name ${name} must be between 3 and 128 characters, and may contain letters, numbers, and ( ) . / _ -`,
      );
      refuse(
        s.others(templateType).some((other) => other.outputs.name === name),
        "InvalidLaunchTemplateName.AlreadyExistsException",
        `Launch template name already in use: ${name}`,
      );
    },
    notFound: (id) =>
      new AwsError("InvalidLaunchTemplateId.NotFound", `The launch template ID '${id}' does not exist`),
  },
  "aws:ec2/instance:Instance": {
    replaceOn: [
      "ami",
      "subnetId",
      "privateIp",
      "availabilityZone",
      "keyName",
      "associatePublicIpAddress",
      "placementGroup",
      ...["hibernation", "securityGroups", "tenancy"],
    ],
    replaceIf: (before, after) =>
      after.userDataReplaceOnChange === true && before.userData !== after.userData,
    id: (s) => s.ec2Id("i"),
    defaults: (s) => {
      const attached = s.find(attachedInterfaces(s.inputs)[0], networkInterfaceType)?.outputs ?? {};
      const subnet = s.find(text(s.inputs.subnetId) ?? text(attached.subnetId), ...subnetTypes);
      const privateIp = text(s.inputs.privateIp) ?? text(attached.privateIp) ?? someAddress(s, subnet);
      const vpc = s.find(text(subnet?.outputs.vpcId), ...vpcTypes);
      return {
        privateIp,
        subnetId: subnet?.id,
        privateDns: privateName(s.region, privateIp),
        availabilityZone: subnet?.outputs.availabilityZone,
        associatePublicIpAddress: subnet?.outputs.mapPublicIpOnLaunch === true,
        vpcSecurityGroupIds: attached.securityGroups ?? texts([vpc?.outputs.defaultSecurityGroupId]),
        sourceDestCheck: true,
        tenancy: "default",
        ebsOptimized: false,
        monitoring: false,
      };
    },
    computed: (s, id) => ({
      arn: s.arn("ec2", `instance/${id}`),
      instanceState: "running",
      primaryNetworkInterfaceId:
        s.previous?.outputs.primaryNetworkInterfaceId ?? attachedInterfaces(s.inputs)[0] ?? s.ec2Id("eni"),
      tagsAll: object(s.inputs.tags),
    }),
    check: checkInstance,
    notFound: (id) => new AwsError("InvalidInstanceID.NotFound", `The instance ID '${id}' does not exist`),
  },
  "aws:autoscaling/group:Group": {
    required: ["maxSize", "minSize"],
    autoName: { property: "name", maxLength: 255 },
    replaceOn: ["name", "namePrefix"],
    id: (s) => s.physicalName(),
    defaults: (s) => ({
      desiredCapacity: capacity(s),
      defaultCooldown: 300,
      healthCheckGracePeriod: 300,
      healthCheckType: "EC2",
      metricsGranularity: "1Minute",
      waitForCapacityTimeout: "10m",
      protectFromScaleIn: false,
      availabilityZones: texts(s.inputs.vpcZoneIdentifiers).map(
        (id) => s.find(id, ...subnetTypes)?.outputs.availabilityZone,
      ),
    }),
    computed: (s, id) => ({
      arn: s.arn("autoscaling", `autoScalingGroup:${uuid(s)}:autoScalingGroupName/${id}`),
    }),
    check: checkAutoScalingGroup,
    notFound: (id) => new AwsError("ValidationError", `Auto Scaling Group (${id}) not found`),
  },
  "aws:autoscaling/policy:Policy": {
    required: ["autoscalingGroupName"],
    autoName: { property: "name", maxLength: 255 },
    replaceOn: ["name", "autoscalingGroupName"],
    id: (s) => s.physicalName(),
    defaults: () => ({ policyType: "SimpleScaling", enabled: true }),
    computed: (s, id) => ({
      arn: s.arn(
        "autoscaling",
        `scalingPolicy:${uuid(s)}:autoScalingGroupName/${String(s.inputs.autoscalingGroupName)}:policyName/${id}`,
      ),
    }),
    check: (s) => {
      const group = text(s.inputs.autoscalingGroupName);
      refuse(
        s.find(group, "aws:autoscaling/group:Group") === undefined,
        "ValidationError",
        `Group ${group ?? ""} not found`,
      );
    },
  },
};

function uuid(s: Situation): string {
  const hex = s.token(32, "hex", "uuid");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
