import { type Address, parseAddress } from "../../netpol/address.ts";

/** An address that hands credentials to whoever asks, and where it does. */
export type Endpoint = {
  /** The address in its canonical spelling. */
  readonly text: string;
  readonly address: Address;
  readonly provider: string;
  readonly ports: readonly number[];
  /** Refused inside any block; otherwise only inside a narrow one, which names it. */
  readonly anywhere: boolean;
};

/** The credential endpoints of the clouds. */
export const endpoints: readonly Endpoint[] = [
  endpoint("169.254.169.254", "AWS, Azure, Google and most other clouds", true),
  endpoint("fd00:ec2::254", "AWS", true),
  endpoint("fd20:ce::254", "Google", true),
  endpoint("168.63.129.16", "Azure", false, [80, 32_526]),
  endpoint("100.100.100.200", "Alibaba", false),
  endpoint("169.254.170.2", "AWS ECS", false),
  endpoint("169.254.0.23", "Tencent", false),
  endpoint("169.254.42.42", "Scaleway", false),
  endpoint("192.0.0.192", "Oracle", false),
  endpoint("fd00:c1::a9fe:a9fe", "Oracle", false),
  endpoint("fd00:42::42", "Scaleway", false),
  endpoint("fd00:100::100:200", "Alibaba", false),
].flatMap((known) => known ?? []);

function endpoint(
  text: string,
  provider: string,
  anywhere: boolean,
  ports: readonly number[] = [80],
): Endpoint | undefined {
  const address = parseAddress(text);
  return address && { text, address, provider, anywhere, ports };
}
