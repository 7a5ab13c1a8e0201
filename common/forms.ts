import { parseAddress } from "./ipv4";

/** True for an AWS account id. */
export function isAccountId(text: string): boolean {
  return /^\d{12}$/.test(text);
}

/** True for what has the form of an AWS region's name. */
export function isRegion(text: string): boolean {
  return /^[a-z]{2}(-[a-z]+)+-\d$/.test(text);
}

/** True for a DNS host name of at least two labels; an address is none. */
export function isHostName(text: string): boolean {
  const form = /^(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+$/i;
  return text.length <= 253 && form.test(text) && parseAddress(text) === undefined;
}
