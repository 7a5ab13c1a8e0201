import { AwsError } from "./aws-error";
import type { Behaviours, Situation } from "./behaviour";
import { must, oneOf, refuse } from "./behaviour";
import { checkNetwork, mustHaveSubnet, mustHaveVpc, refuseDefault } from "./ec2-facts";
import type { Properties } from "./properties";
import { number, object, objects, text, texts } from "./properties";
import type { Held, World } from "./world";

const aclTypes = ["aws:ec2/defaultNetworkAcl:DefaultNetworkAcl", "aws:ec2/networkAcl:NetworkAcl"];
const ruleType = "aws:ec2/networkAclRule:NetworkAclRule";
const associationType = "aws:ec2/networkAclAssociation:NetworkAclAssociation";

const notFound = (id: string): AwsError =>
  new AwsError("InvalidNetworkAclID.NotFound", `The networkAcl ID '${id}' does not exist`);

function mustHaveAcl(s: Situation, id: unknown): Held {
  return must(
    s.find(text(id), ...aclTypes),
    "InvalidNetworkAclID.NotFound",
    `The networkAcl ID '${String(id)}' does not exist`,
  );
}

/** https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html */
function checkEntry(entry: Properties): void {
  const ruleNumber = number(entry.ruleNumber ?? entry.ruleNo) ?? 0;
  refuse(
    ruleNumber < 1 || ruleNumber > 32766,
    "InvalidParameterValue",
    `Rule number ${ruleNumber} is not within 1 to 32766`,
  );
  const action = String(entry.ruleAction ?? entry.action).toLowerCase();
  refuse(
    action !== "allow" && action !== "deny",
    "InvalidParameterValue",
    `Rule action '${action}' is neither allow nor deny`,
  );
  oneOf(entry, ["cidrBlock", "ipv6CidrBlock"], true);
  if (text(entry.cidrBlock) !== undefined) checkNetwork(entry.cidrBlock, "cidrBlock");
  const [from, to] = [number(entry.fromPort) ?? 0, number(entry.toPort) ?? 0];
  refuse(
    from < -1 || to > 65535 || from > to,
    "InvalidParameterValue",
    `Invalid port range (from ${from} to ${to})`,
  );
}

function checkInline(s: Situation): void {
  for (const direction of ["ingress", "egress"]) {
    const numbers = new Set<unknown>();
    for (const entry of objects(s.inputs[direction])) {
      checkEntry(entry);
      refuse(
        numbers.has(entry.ruleNo),
        "NetworkAclEntryAlreadyExists",
        `The network acl entry identified by ${String(entry.ruleNo)} already exists.`,
      );
      numbers.add(entry.ruleNo);
    }
  }
  for (const id of texts(s.inputs.subnetIds)) mustHaveSubnet(s, id);
}

function refreshAcl(acl: Held, world: World): Properties {
  const separate = world.at(acl, ruleType).filter((held) => held.outputs.networkAclId === acl.id);
  const associated = world.at(acl, associationType).filter((held) => held.outputs.networkAclId === acl.id);
  const form = (held: Held): Properties => ({
    ...{ ruleNo: held.outputs.ruleNumber, action: held.outputs.ruleAction, protocol: held.outputs.protocol },
    ...{
      fromPort: held.outputs.fromPort ?? 0,
      toPort: held.outputs.toPort ?? 0,
      cidrBlock: held.outputs.cidrBlock,
    },
  });
  const rules = (egress: boolean): Properties[] =>
    separate.filter((held) => (held.outputs.egress === true) === egress).map(form);
  return {
    ingress: [...objects(acl.outputs.ingress), ...rules(false)],
    egress: [...objects(acl.outputs.egress), ...rules(true)],
    subnetIds: [
      ...new Set(
        texts([...texts(acl.outputs.subnetIds), ...associated.map((held) => held.outputs.subnetId)]),
      ),
    ],
  };
}

/** Entries that the program no longer gives stay; an empty list takes them away. */
function defaults(s: Situation): Properties {
  return { ingress: s.kept("ingress", []), egress: s.kept("egress", []), subnetIds: s.kept("subnetIds", []) };
}

/** Network ACLs, their entries and associations. */
export const networkAclBehaviours: Behaviours = {
  "aws:ec2/networkAcl:NetworkAcl": {
    required: ["vpcId"],
    replaceOn: ["vpcId"],
    id: (s) => s.ec2Id("acl"),
    defaults,
    computed: (s, id) => ({
      arn: s.arn("ec2", `network-acl/${id}`),
      ownerId: s.account,
      tagsAll: object(s.inputs.tags),
    }),
    check: (s) => {
      mustHaveVpc(s, s.inputs.vpcId);
      checkInline(s);
    },
    refresh: refreshAcl,
    removable: (acl, world) =>
      refuseDefault(
        ...([world, acl, "defaultNetworkAclId", "InvalidParameterValue"] as const),
        `cannot delete default network ACL ${acl.id}`,
      ),
    notFound,
  },
  "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": {
    required: ["defaultNetworkAclId"],
    replaceOn: ["defaultNetworkAclId"],
    // AWS made it with the VPC, and it is taken over.
    identity: ({ outputs }) => text(outputs.defaultNetworkAclId),
    id: (s) => String(s.inputs.defaultNetworkAclId),
    defaults,
    computed: (s, id) => ({
      arn: s.arn("ec2", `network-acl/${id}`),
      ownerId: s.account,
      vpcId: s.find(id, ...aclTypes)?.outputs.vpcId,
      tagsAll: object(s.inputs.tags),
    }),
    check: (s) => {
      mustHaveAcl(s, s.inputs.defaultNetworkAclId);
      checkInline(s);
    },
    refresh: refreshAcl,
    notFound,
  },
  [ruleType]: {
    required: ["networkAclId", "protocol", "ruleAction", "ruleNumber"],
    replaceOn: [
      ...["networkAclId", "ruleNumber", "egress", "protocol", "ruleAction", "cidrBlock", "ipv6CidrBlock"],
      ...["fromPort", "toPort", "icmpType", "icmpCode"],
    ],
    id: (s) => `nacl-${s.token(9, "digits")}`,
    defaults: () => ({ egress: false }),
    check: (s) => {
      const acl = mustHaveAcl(s, s.inputs.networkAclId);
      checkEntry(s.inputs);
      const egress = s.inputs.egress === true;
      const same = (held: Held): boolean =>
        held.outputs.networkAclId === acl.id &&
        (held.outputs.egress === true) === egress &&
        number(held.outputs.ruleNumber) === number(s.inputs.ruleNumber);
      const inline = objects(acl.outputs[egress ? "egress" : "ingress"]);
      refuse(
        s.others(ruleType).some(same) ||
          inline.some((entry) => number(entry.ruleNo) === number(s.inputs.ruleNumber)),
        "NetworkAclEntryAlreadyExists",
        `The network acl entry identified by ${String(s.inputs.ruleNumber)} already exists.`,
      );
    },
  },
  [associationType]: {
    required: ["networkAclId", "subnetId"],
    replaceOn: ["networkAclId", "subnetId"],
    id: (s) => s.ec2Id("aclassoc"),
    check: (s) => {
      const acl = mustHaveAcl(s, s.inputs.networkAclId);
      const subnet = mustHaveSubnet(s, s.inputs.subnetId);
      refuse(
        acl.outputs.vpcId !== subnet.outputs.vpcId,
        "InvalidParameterValue",
        `network ACL ${acl.id} and subnet ${subnet.id} belong to different networks`,
      );
    },
  },
};
