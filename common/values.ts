import { z } from "zod";
import { nearest, refuse } from "./collector";
import { isAccountId, isHostName } from "./forms";
import { isNetwork, isPrivate, parseAddress, parseCidr, privateRanges } from "./ipv4";
import { knownRegions, mayBeRegion } from "./regions";

const privateText = privateRanges.join(", ");

/**
 * A VPC's IPv4 block: between /16 and /28, no host bits, private.
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
 */
export const vpcCidrBlock = z.string().superRefine((text, ctx) => {
  const cidr = parseCidr(text);
  if (cidr === undefined) {
    refuse(ctx, "is not an IPv4 CIDR block", {
      allowed: "a block such as 10.20.0.0/16",
      change: "write address/prefix",
    });
    return;
  }
  if (!isNetwork(text)) {
    refuse(ctx, "has host bits set", {
      allowed: "the network's own address",
      change: "clear the bits to the right of the prefix",
    });
  }
  if (cidr.prefix < 16 || cidr.prefix > 28) {
    refuse(ctx, "has a size that a VPC cannot have", {
      allowed: "a prefix from /16 to /28",
      change: "choose another prefix length",
    });
  }
  if (!isPrivate(text)) {
    refuse(ctx, "is not a private block", {
      allowed: `a block inside ${privateText}`,
      change: "choose a private block",
    });
  }
});

/**
 * The blocks of a list that has mistakes, an empty text in place of each that is none: they can be compared with other
 * parties' blocks all the same, so that one mistake does not hide an overlap.
 */
export function readableBlocks(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.map((entry: unknown) => vpcCidrBlock.safeParse(entry).data ?? "");
}

/** A private IPv4 address. */
export const privateAddress = z.string().superRefine((text, ctx) => {
  if (parseAddress(text) === undefined) {
    refuse(ctx, "is not an IPv4 address", {
      allowed: "an address such as 10.20.1.10",
      change: "write four numbers from 0 to 255",
    });
  } else if (!isPrivate(text)) {
    refuse(ctx, "is a public address", {
      allowed: `an address inside ${privateText}`,
      change: "give the service's private address",
    });
  }
});

/** An AWS account id: exactly 12 digits. */
export const accountId = z.string().superRefine((text, ctx) => {
  if (!isAccountId(text)) {
    refuse(ctx, "is not an AWS account id", {
      allowed: "exactly 12 digits, in quotation marks",
      change: "give the account's 12-digit id",
    });
  }
});

/** A TCP port. */
export const port = z.number().superRefine((value, ctx) => {
  if (!Number.isInteger(value) || value < 1 || value > 65535) {
    refuse(ctx, "is out of range for a port", {
      allowed: "a whole number from 1 to 65535",
      change: "give the TCP port",
    });
  }
});

/** An AWS region name. */
export const region = z.string().superRefine((text, ctx) => {
  if (!mayBeRegion(text)) {
    const guess = nearest(text, knownRegions);
    refuse(ctx, "is not an AWS region", {
      allowed: "a region such as us-east-1",
      change: guess === undefined ? "give the region's name" : `write "${guess}" instead`,
    });
  }
});

/**
 * A short name that becomes part of resource names: lower-case letters, digits and hyphens, at most 20 characters, so
 * that a role fits behind it within the 32 characters of a load balancer's name.
 */
export const shortName = z.string().superRefine((text, ctx) => {
  if (!/^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/.test(text)) {
    refuse(ctx, "is not a usable name", {
      allowed:
        "1 to 20 characters: a lower-case letter, then lower-case letters, digits and hyphens, no hyphen at the end",
      change: "choose a name of that form",
    });
  }
});

/** Longest base path: with a stage and a path below it, requests stay far below API Gateway's 10240 bytes. */
const longestBasePath = 1024;

/**
 * The path below which a target is published: one or more fixed segments, each of letters, digits, `.`, `_`, `-`; not
 * `.` and `..`, which callers resolve before they send a request.
 */
export const basePath = z.string().superRefine((text, ctx) => {
  if (!/^(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._-]+)+$/.test(text) || text.length > longestBasePath) {
    refuse(ctx, "is not a base path", {
      allowed: `/segment or /segment/segment, of letters, digits, '.', '_' and '-', no segment '.' or '..', no slash at the end, no variables, at most ${longestBasePath} characters`,
      change: "write a path such as /payments",
    });
  }
});

/** A DNS host name. */
export const hostName = z.string().superRefine((text, ctx) => {
  if (!isHostName(text)) {
    refuse(ctx, "is not a host name", {
      allowed: "a DNS name such as cards.bank.internal",
      change: "give the name in the service's certificate",
    });
  }
});

/** A physical id of one kind, for example `vpc-` and 8 or 17 hexadecimal digits. */
export function awsId(prefix: string): z.ZodType<string> {
  return z.string().superRefine((text, ctx) => {
    if (!new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`).test(text)) {
      refuse(ctx, `is not an id of the form ${prefix}-...`, {
        allowed: `${prefix}- and 8 or 17 hexadecimal digits`,
        change: "copy the id from the account",
      });
    }
  });
}

/** Zone names must belong to the region: the region's name and one letter. */
export function zoneIn(regionName: string): z.ZodType<string> {
  return z.string().superRefine((text, ctx) => {
    if (!(text.length === regionName.length + 1 && text.startsWith(regionName) && /[a-z]$/.test(text))) {
      refuse(ctx, `is not a zone of ${regionName}`, {
        allowed: `${regionName} and one letter, such as ${regionName}a`,
        change: "name a zone of the stack's region",
      });
    }
  });
}

/** A fully qualified stack name, `organization/project/stack`. */
export const stackName = z.string().superRefine((text, ctx) => {
  if (!/^[^/\s]+\/[^/\s]+\/[^/\s]+$/.test(text)) {
    refuse(ctx, "is not a fully qualified stack name", {
      allowed:
        "organization/project/stack (with a self-managed backend the organization is the word organization)",
      change: "write for example organization/provider-account/payments-dev",
    });
  }
});
