import { AwsError } from "./aws-error";
import { partitionOf, token } from "./behaviour";
import type { Sources } from "./data-source";
import { zoneIdOf, zoneNames } from "./ec2-zones";
import { texts } from "./properties";

/** Data sources about the account, the region and its zones. */
export const accountSources: Sources = {
  "aws:index/getCallerIdentity:getCallerIdentity": (_world, _args, { account, region }) => ({
    id: account,
    accountId: account,
    arn: `arn:${partitionOf(region)}:sts::${account}:assumed-role/rehearsal/rehearsal`,
    userId: `AROA${token(account, 17, "alphanumeric").toUpperCase()}:rehearsal`,
  }),
  "aws:index/getRegion:getRegion": (_world, _args, { region }) => ({
    ...{ id: region, name: region, region, description: region },
    endpoint: `ec2.${region}.amazonaws.com`,
  }),
  "aws:index/getPartition:getPartition": (_world, _args, { region }) => {
    const partition = partitionOf(region);
    const dnsSuffix = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
    return {
      id: partition,
      partition,
      dnsSuffix,
      reverseDnsPrefix: dnsSuffix.split(".").reverse().join("."),
    };
  },
  "aws:index/getAvailabilityZones:getAvailabilityZones": (_world, args, { region }) => {
    const excluded = [...texts(args.excludeNames), ...texts(args.excludeZoneIds)];
    const names = zoneNames(region).filter(
      (name) => !excluded.includes(name) && !excluded.includes(zoneIdOf(name, region)),
    );
    return {
      id: region,
      names,
      zoneIds: names.map((name) => zoneIdOf(name, region)),
      groupNames: [region],
      region,
    };
  },
  "aws:index/getAvailabilityZone:getAvailabilityZone": (_world, args, { region }) => {
    const name = zoneNames(region).find(
      (zone) => zone === args.name || zoneIdOf(zone, region) === args.zoneId,
    );
    if (name === undefined)
      throw new AwsError(
        "InvalidParameterValue",
        `Invalid availability zone: [${String(args.name ?? args.zoneId)}]`,
      );
    const details = {
      groupName: region,
      networkBorderGroup: region,
      optInStatus: "opt-in-not-required",
      state: "available",
    };
    return {
      id: name,
      name,
      nameSuffix: name.slice(region.length),
      zoneId: zoneIdOf(name, region),
      region,
      ...details,
    };
  },
};
