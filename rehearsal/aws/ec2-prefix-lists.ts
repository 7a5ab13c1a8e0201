import { isNetwork } from "../../common/ipv4";
import { AwsError } from "./aws-error";
import type { Behaviours, Situation } from "./behaviour";
import { must, refuse } from "./behaviour";
import { number, object, objects, sameProperty, text } from "./properties";
import type { Held } from "./world";

const listType = "aws:ec2/managedPrefixList:ManagedPrefixList";
const entryType = "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry";

/** Blocks of the list: its own entries, and those that are resources. */
function blocksOf(s: Situation, listId: string, own: unknown): string[] {
  const others = s.others(entryType).filter((held) => held.outputs.prefixListId === listId);
  return [
    ...objects(own).map(({ cidr }) => String(cidr)),
    ...others.map(({ outputs }) => String(outputs.cidr)),
  ];
}

function checkEntries(blocks: readonly string[], family: unknown, most: number): void {
  const wrong = blocks.find((block) => family === "IPv4" && !isNetwork(block));
  refuse(wrong !== undefined, "InvalidParameterValue", `The CIDR '${wrong}' is not a valid IPv4 network`);
  const twice = blocks.find((block, index) => blocks.indexOf(block) !== index);
  refuse(
    twice !== undefined,
    "InvalidParameterValue",
    `The specified prefix list has the CIDR ${twice} more than once`,
  );
  refuse(
    blocks.length > most,
    "PrefixListMaxEntriesExceeded",
    `The prefix list has ${blocks.length} entries, and at most ${most} are allowed`,
  );
}

/** Rises with every change of the entries. */
function versionOf({ previous, inputs }: Situation): number {
  const before = number(previous?.outputs.version) ?? 0;
  const same = previous !== undefined && sameProperty(previous.outputs.entries, inputs.entries);
  return same ? before : before + 1;
}

function notFound(id: string): AwsError {
  return new AwsError("InvalidPrefixListID.NotFound", `The prefix list ID '${id}' does not exist`);
}

/** https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html */
export const prefixListBehaviours: Behaviours = {
  [listType]: {
    required: ["addressFamily", "maxEntries"],
    autoName: { property: "name", maxLength: 255 },
    replaceOn: ["addressFamily"],
    id: (s) => s.ec2Id("pl"),
    computed: (s, id) => ({
      arn: s.arn("ec2", `prefix-list/${id}`),
      ownerId: s.account,
      version: versionOf(s),
      tagsAll: object(s.inputs.tags),
    }),
    check: (s) => {
      const { addressFamily: family, entries } = s.inputs;
      refuse(
        family !== "IPv4" && family !== "IPv6",
        "InvalidParameterValue",
        `expected addressFamily to be one of ["IPv4" "IPv6"], got ${String(family)}`,
      );
      refuse(
        s.physicalName().startsWith("com.amazonaws"),
        "InvalidParameterValue",
        "The prefix list name must not start with com.amazonaws",
      );
      checkEntries(blocksOf(s, s.previous?.id ?? "", entries), family, number(s.inputs.maxEntries) ?? 0);
    },
    notFound,
  },
  [entryType]: {
    required: ["cidr", "prefixListId"],
    replaceOn: ["cidr", "prefixListId"],
    deletedFirst: true,
    id: (s) => `${text(s.inputs.prefixListId)},${text(s.inputs.cidr)}`,
    check: (s) => {
      const listId = text(s.inputs.prefixListId) ?? "";
      const list: Held = must(
        s.find(listId, listType),
        "InvalidPrefixListID.NotFound",
        notFound(listId).message,
      );
      const { addressFamily, entries, maxEntries } = list.outputs;
      const blocks = [...blocksOf(s, listId, entries), String(s.inputs.cidr)];
      checkEntries(blocks, addressFamily, number(maxEntries) ?? 0);
    },
    notFound: (id) => new AwsError("NotFound", `the entry "${id}" does not exist`),
  },
};
