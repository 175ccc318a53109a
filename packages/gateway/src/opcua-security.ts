/** How the channel to an OPC UA server is protected. */
export interface OpcUaSecurity {
  readonly mode: 'None' | 'Sign' | 'SignAndEncrypt';
  readonly policy: 'None' | 'Basic256Sha256' | 'Aes128_Sha256_RsaOaep' | 'Aes256_Sha256_RsaPss';
}

const MODES = ['None', 'Sign', 'SignAndEncrypt'] as const;
const POLICIES = ['Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'] as const;

/** `MODE` or `MODE/POLICY`; absent means None. Null if it cannot be read. */
export function parseSecurity(text: string | undefined): OpcUaSecurity | null {
  if (text === undefined) return { mode: 'None', policy: 'None' };
  const [modeText, policyText, ...rest] = text.split('/');
  const mode = MODES.find((name) => name === modeText);
  if (mode === undefined || rest.length > 0) return null;
  if (mode === 'None') return policyText === undefined ? { mode, policy: 'None' } : null;
  const policy = POLICIES.find((name) => name === (policyText ?? 'Basic256Sha256'));
  return policy === undefined ? null : { mode, policy };
}
