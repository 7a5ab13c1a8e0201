import { type YAMLSeq } from "yaml";
import { BankCopy } from "../bank/bank-copy";

/**
 * The bank, with the network interfaces of the existing service of cards: only then can a walk through what AWS has tell
 * which security group a request meets there.
 */
export function bankWithInterfaces(): BankCopy {
  const interfaces = [
    ["eni-0ca4d5000000000a1", "subnet-0ca4d5000000000a1", "10.50.1.25"],
    ["eni-0ca4d5000000000b2", "subnet-0ca4d5000000000b2", "10.50.2.25"],
  ] as const;
  return new BankCopy().edit("landscape", (document) => {
    const existing = document.get("existing") as YAMLSeq;
    for (const [id, subnetId, address] of interfaces)
      existing.add(
        document.createNode({
          account: "555555555555",
          region: "us-east-1",
          type: "aws:ec2/networkInterface:NetworkInterface",
          id,
          properties: { subnetId, privateIps: [address], securityGroups: ["sg-0ca4d5000000000a1"] },
        }),
      );
  });
}
