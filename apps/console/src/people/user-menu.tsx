import { Button, Menu, MenuItem, MenuTrigger, Popover, Separator } from 'react-aria-components';
import { useApp, useLive, useSession, useSpeech } from '../app-context.ts';
import { Icon } from '../parts/icons.tsx';
import { becomePerson, lock, logOut } from '../store/rest.ts';

/** Who sits here and as what; lock, log out, in the demo become somebody else. */
export function UserMenu() {
  const { session } = useApp();
  const { t } = useSpeech();
  const user = useLive((state) => state.user);
  const view = useSession();
  if (view === null)
    return (
      <div className="group">
        <Icon name="user" />
        <div className="two user">{user}</div>
      </div>
    );
  const act = async (key: string): Promise<void> => {
    if (key === 'lock') session.set(await lock());
    else if (key === 'logOut') {
      await logOut();
      location.reload();
    } else {
      await becomePerson(key);
      // Another person is another session: the picture is asked for anew as that person.
      location.reload();
    }
  };
  return (
    <MenuTrigger>
      <Button className="user-button" data-testid="user-menu">
        <Icon name="user" />
        <span className="two user">
          <span>{view.name}</span>
          <span className="sub wide">{view.roles.map((role) => t(`role.${role}`)).join(', ')}</span>
        </span>
      </Button>
      <Popover className="popover">
        <Menu
          aria-label={t('people.menu')}
          onAction={(key) => {
            act(String(key)).catch((error: unknown) => console.error('refused', error));
          }}
        >
          {(view.people ?? [])
            .filter((person) => person.user !== view.user)
            .map((person) => (
              <MenuItem key={person.user} id={person.user} className="option">
                {t('people.become', { who: person.name })}{' '}
                <span className="dim">
                  {person.roles.map((role) => t(`role.${role}`)).join(', ')}
                </span>
              </MenuItem>
            ))}
          {view.people !== undefined && <Separator className="menu-line" />}
          <MenuItem id="lock" className="option">
            {t('people.lock')}
          </MenuItem>
          <MenuItem id="logOut" className="option">
            {t('people.logOut')}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
