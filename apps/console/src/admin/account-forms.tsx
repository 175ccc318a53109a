import { useState } from 'react';
import { Role, type AccountView, type AreaView } from '@relight/contract';
import { useSpeech } from '../app-context.ts';
import { Confirm } from '../parts/confirm.tsx';
import { PasswordInput } from '../parts/password-input.tsx';
import { TextInput } from '../parts/text-input.tsx';
import { TickBox } from '../parts/tick-box.tsx';
import { addAccount, addToken, setPassword, setRoles } from '../store/rest-people.ts';

/** Lives of a token a person can choose from, days. */
const TOKEN_DAYS = 365;

/** A name as it is typed at log-in. */
function isUserName(text: string): boolean {
  return /^[a-z][a-z0-9._-]{0,39}$/u.test(text);
}

function without<Value>(list: readonly Value[], value: Value): readonly Value[] {
  return list.filter((each) => each !== value);
}

function RolesField({
  roles,
  onChange,
}: {
  readonly roles: readonly Role[];
  readonly onChange: (roles: readonly Role[]) => void;
}) {
  const { t } = useSpeech();
  return (
    <fieldset className="ticks">
      <legend>{t('admin.roles')}</legend>
      {Role.options.map((role) => (
        <TickBox
          key={role}
          isSelected={roles.includes(role)}
          onChange={(on) => onChange(on ? [...roles, role] : without(roles, role))}
          testId={`role-${role}`}
        >
          {t(`role.${role}`)}
        </TickBox>
      ))}
    </fieldset>
  );
}

/** All substations, or those ticked. */
function AreasField({
  known,
  areas,
  onChange,
}: {
  readonly known: readonly AreaView[];
  readonly areas: readonly string[] | null;
  readonly onChange: (areas: readonly string[] | null) => void;
}) {
  const { t } = useSpeech();
  return (
    <fieldset className="ticks">
      <legend>{t('admin.areas')}</legend>
      <TickBox
        isSelected={areas === null}
        onChange={(all) => onChange(all ? null : [])}
        testId="areas-all"
      >
        {t('admin.allAreas')}
      </TickBox>
      {areas !== null &&
        known.map(({ id, name }) => (
          <TickBox
            key={id}
            isSelected={areas.includes(id)}
            onChange={(on) => onChange(on ? [...areas, id] : without(areas, id))}
            testId={`area-${id}`}
          >
            {name}
          </TickBox>
        ))}
    </fieldset>
  );
}

/** A new account. A program gets no password: it comes with a token. */
export function NewAccountForm({
  known,
  onClose,
}: {
  readonly known: readonly AreaView[];
  readonly onClose: () => void;
}) {
  const { t } = useSpeech();
  const [user, setUser] = useState('');
  const [name, setName] = useState('');
  const [password, setWord] = useState('');
  const [roles, setChosen] = useState<readonly Role[]>(['viewer']);
  const [areas, setAreas] = useState<readonly string[] | null>(null);
  const isProgram = roles.includes('integration');
  const ready =
    isUserName(user) && name.trim() !== '' && roles.length > 0 && (isProgram || password !== '');
  return (
    <Confirm
      title={t('admin.newAccount')}
      confirm={t('admin.create')}
      testId="account-form"
      isDisabled={!ready}
      action={() =>
        addAccount({
          user,
          name: name.trim(),
          roles: [...roles],
          areas: areas === null ? null : [...areas],
          ...(isProgram ? {} : { password }),
        })
      }
      onClose={onClose}
    >
      <div className="fields">
        <TextInput
          label={t('admin.userName')}
          value={user}
          onChange={(text) => setUser(text.toLowerCase())}
          maxLength={40}
          testId="account-user"
        />
        <TextInput
          label={t('admin.fullName')}
          value={name}
          onChange={setName}
          testId="account-name"
        />
        {!isProgram && (
          <PasswordInput
            label={t('admin.firstPassword')}
            which="new"
            value={password}
            onChange={setWord}
            testId="account-password"
          />
        )}
      </div>
      {user !== '' && !isUserName(user) && <p className="refusal">{t('admin.userNameRule')}</p>}
      {isProgram && <p>{t('admin.programNote')}</p>}
      <RolesField roles={roles} onChange={setChosen} />
      <AreasField known={known} areas={areas} onChange={setAreas} />
    </Confirm>
  );
}

export function RolesForm({
  known,
  account,
  onClose,
}: {
  readonly known: readonly AreaView[];
  readonly account: AccountView;
  readonly onClose: () => void;
}) {
  const { t } = useSpeech();
  const [roles, setChosen] = useState<readonly Role[]>(account.roles);
  const [areas, setAreas] = useState<readonly string[] | null>(account.areas);
  return (
    <Confirm
      title={t('admin.rolesOf', { who: account.name })}
      confirm={t('admin.change')}
      testId="roles-form"
      isDisabled={roles.length === 0}
      action={() =>
        setRoles(account.user, { roles: [...roles], areas: areas === null ? null : [...areas] })
      }
      onClose={onClose}
    >
      <p>{t('admin.sessionsEnd')}</p>
      <RolesField roles={roles} onChange={setChosen} />
      <AreasField known={known} areas={areas} onChange={setAreas} />
    </Confirm>
  );
}

export function PasswordForm({
  account,
  onClose,
}: {
  readonly account: AccountView;
  readonly onClose: () => void;
}) {
  const { t } = useSpeech();
  const [password, setWord] = useState('');
  return (
    <Confirm
      title={t('admin.passwordOf', { who: account.name })}
      confirm={t('admin.change')}
      testId="password-form"
      isDisabled={password === ''}
      action={() => setPassword(account.user, password)}
      onClose={onClose}
    >
      <p>{t('admin.sessionsEnd')}</p>
      <PasswordInput
        label={t('admin.next')}
        which="new"
        value={password}
        onChange={setWord}
        testId="account-password"
      />
    </Confirm>
  );
}

/** Makes a token; its secret goes to whoever asked and is shown nowhere else. */
export function TokenForm({
  account,
  onMade,
  onClose,
}: {
  readonly account: AccountView;
  readonly onMade: (secret: string) => void;
  readonly onClose: () => void;
}) {
  const { t } = useSpeech();
  const [days, setDays] = useState(String(TOKEN_DAYS));
  const life = Number(days);
  const isLife = Number.isInteger(life) && life >= 1 && life <= 3_650;
  return (
    <Confirm
      title={t('admin.tokenFor', { who: account.name })}
      confirm={t('admin.create')}
      testId="token-form"
      isDisabled={!isLife}
      action={async () => onMade((await addToken(account.user, life)).secret)}
      onClose={onClose}
    >
      <TextInput
        label={t('admin.lifeDays')}
        value={days}
        onChange={setDays}
        maxLength={4}
        testId="token-days"
      />
    </Confirm>
  );
}
