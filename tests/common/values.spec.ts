import assert from "node:assert/strict";
import { type z } from "zod";
import { Collector } from "../../common/collector";
import { isPrivate } from "../../common/ipv4";
import {
  accountId,
  awsId,
  basePath,
  hostName,
  port,
  privateAddress,
  region,
  shortName,
  stackName,
  vpcCidrBlock,
  zoneIn,
} from "../../common/values";

interface Case {
  schema: z.ZodType;
  good: unknown[];
  /** Wrong values, and for each what is wrong. */
  bad: Record<string, RegExp[]>;
}

const cases: Record<string, Case> = {
  "a VPC's block": {
    schema: vpcCidrBlock,
    good: ["10.0.0.0/16", "172.31.255.240/28", "192.168.0.0/16", "100.64.0.0/20"],
    bad: {
      "10.0.0.0": [/not an IPv4 CIDR block/],
      "10.0.0.1/16": [/host bits/],
      "10.0.0.0/15": [/size/],
      "10.0.0.0/29": [/size/],
      "8.8.0.0/16": [/not a private block/],
      "172.16.0.0/11": [/host bits/, /size/, /not a private block/],
      "192.169.0.1/30": [/host bits/, /size/, /not a private block/],
    },
  },
  "a private address": {
    schema: privateAddress,
    good: ["10.0.0.1", "172.31.0.1", "192.168.255.1", "100.127.255.255"],
    bad: {
      "10.0.0.0/24": [/not an IPv4 address/],
      x: [/not an IPv4/],
      "8.8.8.8": [/public/],
      "172.32.0.1": [/public/],
    },
  },
  "an account id": {
    schema: accountId,
    good: ["000000000000", "123456789012"],
    bad: {
      "12345678901": [/not an AWS account id/],
      "1234567890123": [/account id/],
      "12345678901a": [/account id/],
    },
  },
  "a region": {
    schema: region,
    // The last two may come one day.
    good: ["us-east-1", "us-gov-west-1", "ap-southeast-4", "us-isob-east-1", "ap-southeast-9", "nz-north-1"],
    bad: {
      "us-east-1a": [/not an AWS region/],
      useast1: [/region/],
      "US-EAST-1": [/region/],
      "eu-centrl-1": [/not an AWS region/],
    },
  },
  "a short name": {
    schema: shortName,
    good: ["a", "shop-2", "abcdefghijklmnopqrst"],
    bad: {
      "": [/usable/],
      "1a": [/usable/],
      "a-": [/usable/],
      A: [/usable/],
      abcdefghijklmnopqrstu: [/usable/],
    },
  },
  "a base path": {
    schema: basePath,
    good: ["/a", "/a/b.c_d-e"],
    bad: {
      a: [/base path/],
      "/": [/base path/],
      "/a/": [/base path/],
      "/{a}": [/base path/],
      "/a b": [/base path/],
    },
  },
  "a host name": {
    schema: hostName,
    good: ["cards.bank.internal", "A.B", "a-1.b"],
    bad: {
      cards: [/host name/],
      "10.0.0.1": [/host name/],
      "-a.b": [/host name/],
      "a.b-": [/host name/],
      "a..b": [/host name/],
    },
  },
  "a VPC id": {
    schema: awsId("vpc"),
    good: ["vpc-0123abcd", "vpc-0123456789abcdef0"],
    bad: { "vpc-1": [/form vpc-/], "subnet-0123abcd": [/form vpc-/], "vpc-0123ABCD": [/form vpc-/] },
  },
  "a zone of us-east-1": {
    schema: zoneIn("us-east-1"),
    good: ["us-east-1a", "us-east-1f"],
    bad: {
      "us-east-2a": [/not a zone of us-east-1/],
      "us-east-1": [/zone/],
      "us-east-11": [/zone/],
      "us-east-1ab": [/zone/],
    },
  },
  "a stack's name": {
    schema: stackName,
    good: ["organization/project/dev", "acme/provider-account/shop-dev"],
    bad: {
      dev: [/fully qualified/],
      "a/b": [/fully qualified/],
      "a/b/c/d": [/fully qualified/],
      "a/b/c d": [/fully/],
    },
  },
};

describe("values of configuration", () => {
  for (const [title, { schema, good, bad }] of Object.entries(cases)) {
    it(`accept and refuse ${title}, with what is allowed and what to do`, () => {
      for (const value of good)
        assert.deepEqual(schema.safeParse(value).error?.issues ?? [], [], String(value));
      for (const [value, reasons] of Object.entries(bad)) {
        const collector = new Collector();
        collector.parse(schema, value, "here");
        assert.equal(collector.problems.length, reasons.length, value);
        collector.problems.forEach((problem, index) => {
          assert.match(problem.what, reasons[index] ?? /^$/, value);
          assert.deepEqual([problem.where, problem.value], ["here", JSON.stringify(value)]);
          assert.ok(problem.allowed.length > 5 && problem.change.length > 5);
          assert.ok(!problem.change.startsWith("change the value"), "advice of its own");
        });
      }
    });
  }

  it("accept and refuse ports", () => {
    for (const value of [1, 80, 65535]) assert.ok(port.safeParse(value).success);
    for (const value of [0, -1, 65536, 80.5, "80", Number.NaN]) assert.ok(!port.safeParse(value).success);
  });

  it("know private ranges to their last address", () => {
    for (const value of ["10.255.255.255", "172.16.0.0", "172.31.255.255", "100.64.0.0", "192.168.0.0/16"])
      assert.ok(isPrivate(value), value);
    for (const value of ["11.0.0.0", "172.15.255.255", "172.32.0.0", "100.128.0.0", "192.168.0.0/15"])
      assert.ok(!isPrivate(value), value);
  });
});
