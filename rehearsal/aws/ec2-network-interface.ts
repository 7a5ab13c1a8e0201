import { AwsError } from "./aws-error";
import type { Behaviours, Situation } from "./behaviour";
import { checkSecurityGroups, mustHaveSubnet, subnetTypes, vpcTypes } from "./ec2-facts";
import { checkFreeAddress, networkInterfaceType, someAddress } from "./ec2-interfaces";
import type { Properties } from "./properties";
import { object, text, texts } from "./properties";

/** Addresses that are asked for, the primary one first. */
function asked(inputs: Properties): string[] {
  return [
    ...new Set([...texts(inputs.privateIp), ...texts(inputs.privateIps), ...texts(inputs.privateIpLists)]),
  ];
}

function defaults(s: Situation): Properties {
  const subnet = s.find(text(s.inputs.subnetId), ...subnetTypes);
  const vpc = s.find(text(subnet?.outputs.vpcId), ...vpcTypes);
  const addresses = asked(s.inputs);
  const primary = addresses[0] ?? someAddress(s, subnet);
  return {
    privateIp: primary,
    privateIps: addresses.length > 0 ? addresses : texts([primary]),
    securityGroups: s.kept("securityGroups", texts([vpc?.outputs.defaultSecurityGroupId])),
    sourceDestCheck: true,
    interfaceType: "interface",
  };
}

/** Network interfaces: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkInterface.html */
export const networkInterfaceBehaviours: Behaviours = {
  [networkInterfaceType]: {
    required: ["subnetId"],
    replaceOn: ["subnetId", "interfaceType"],
    // Secondary addresses come and go in place, the primary one stays for life.
    replaceIf: (before, after) => !texts(after.privateIps).includes(String(before.privateIp)),
    id: (s) => s.ec2Id("eni"),
    defaults,
    computed: (s, id) => ({
      arn: s.arn("ec2", `network-interface/${id}`),
      ownerId: s.account,
      macAddress: `02:${(s.token(10).match(/../g) ?? []).join(":")}`,
      tagsAll: object(s.inputs.tags),
    }),
    check: (s) => {
      const subnet = mustHaveSubnet(s, s.inputs.subnetId);
      for (const address of asked(s.inputs)) checkFreeAddress(s, subnet, address);
      checkSecurityGroups(s, texts(s.inputs.securityGroups), subnet.outputs.vpcId);
    },
    notFound: (id) =>
      new AwsError("InvalidNetworkInterfaceID.NotFound", `The networkInterface ID '${id}' does not exist`),
  },
};
