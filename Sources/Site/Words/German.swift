/// The pages in German.
enum German: Words {
  static let name = "Deutsch"
  static let thousands = "."

  static let weekdays = ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"]

  static func date(_ day: Int, _ month: Int, _ year: Int) -> String {
    "\(day). \(self.month(month, year))"
  }

  static func month(_ month: Int, _ year: Int) -> String {
    let months = [
      "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
      "November",
      "Dezember",
    ]
    return "\(months[month - 1]) \(year)"
  }

  static func duration(_ count: Int, _ unit: TimeUnit) -> String {
    // In the dative, as after "nach" and "in".
    let (one, many) =
      switch unit {
      case .day: ("Tag", "Tagen")
      case .hour: ("Stunde", "Stunden")
      case .minute: ("Minute", "Minuten")
      case .second: ("Sekunde", "Sekunden")
      }
    return "\(count) \(count == 1 ? one : many)"
  }

  /// The label of a field by the name of its parameter.
  static func label(_ field: String) -> String? {
    switch field {
    case "username": "Benutzername"
    case "new-username": "Neuer Benutzername"
    case "password": "Kennwort"
    case "new-password": "Neues Kennwort"
    case "verify-password": "Ihr Kennwort"
    case "code": "Code"
    case "passkey-name": "Name des Passkeys"
    case "remember": "Angemeldet bleiben"
    case "secret-code": "Rücksetzcode"
    case "setup-code": "Einrichtungscode"
    case "invitation", "invitation-code": "Einladungscode"
    case "scope": "Welche Sitzungen"
    case "full-name": "Vollständiger Name"
    case "display-name": "Anzeigename"
    case "company-name": "Organisation"
    case "contact-email": "E-Mail-Adresse"
    case "display-email": "Angezeigte E-Mail-Adresse"
    case "dob": "Geburtsdatum"
    case "phone": "Telefon"
    case "occupation": "Beruf"
    case "location": "Ort"
    case "website": "Website"
    case "groups": "Gruppen"
    case "reason": "Grund, nur für die Administration"
    case "uses": "Wie viele Personen sich damit registrieren können (1 bis 1000)"
    case "days": "Tage, bis der Code abläuft (1 bis 90)"
    case "note": "Notiz, nur für die Administration"
    case "default": "Dieses Profil verwenden"
    case "search": "Konto-ID, Benutzername oder E-Mail-Adresse"
    default: nil
    }
  }

  static func text(_ text: Text) -> String {
    switch text {
    case .accountTitle: "Ihr Konto"
    case .accountSince: "Konto seit"
    case .lastSignIn: "Letzte Anmeldung"
    case .role: "Rolle"
    case .roleOwner: "Eigentümer/-in dieser Website"
    case .roleAdministrator: "Administration"
    case .name: "Name"
    case .accountID: "Konto-ID"
    case .signingIn: "Anmeldung"
    case .security: "Sicherheit"
    case .personal: "Über Sie"
    case .ending: "Konto aufgeben"
    case .signInTitle: "Anmelden"
    case .signInLead: "Melden Sie sich mit dem Benutzernamen und dem Kennwort Ihres Kontos an."
    case .signInSubmit: "Anmelden"
    case .rememberMinutes: "Für 20 Minuten"
    case .rememberHours: "Für 8 Stunden"
    case .rememberDays: "Für 30 Tage, nur auf Ihrem eigenen Gerät"
    case .forgotPassword: "Kennwort vergessen?"
    case .registerLink: "Noch kein Konto? Registrieren"
    case .restoreLink: "Ein zur Löschung vorgemerktes Konto behalten"
    case .registerTitle: "Registrieren"
    case .registerLead: "Wählen Sie einen Benutzernamen und ein Kennwort für Ihr Konto."
    case .registerSubmit: "Registrieren"
    case .registrationClosed: "Neue Konten können hier zurzeit nicht angelegt werden."
    case .invited: "Sie wurden eingeladen. Wählen Sie einen Benutzernamen und ein Kennwort für Ihr Konto."
    case .invitationVoid:
      "Diese Einladung ist ungültig: Der Link ist unvollständig, oder die Einladung gilt nicht mehr. Bitten Sie die Person, die Sie eingeladen hat, um eine neue."
    case .invitationVoidOpen:
      "Diese Einladung ist ungültig: Der Link ist unvollständig, oder die Einladung gilt nicht mehr. Bitten Sie die Person, die Sie eingeladen hat, um eine neue, oder registrieren Sie sich ohne Einladung."
    case .invitationLead: "Wenn Sie einen Einladungscode haben, geben Sie ihn hier ein."
    case .invitationSubmit: "Weiter"
    case .signInInstead: "Mit einem vorhandenen Konto anmelden"
    case .commonPasswordRule: "Sehr häufige Kennwörter werden abgelehnt."
    case .termsAgreement: "Mit der Registrierung stimmen Sie den Nutzungsbedingungen zu."
    case .signOutTitle: "Abmelden"
    case .signOutLead: "Um Ihr Konto wieder zu nutzen, müssen Sie sich neu anmelden."
    case .signOutSubmit: "Abmelden"
    case .verifyTitle: "Bestätigen, dass Sie es sind"
    case .verifyLead: "Geben Sie Ihr Kennwort noch einmal ein, um fortzufahren."
    case .verifyLeadCode: "Geben Sie Ihr Kennwort und einen Code ein, um fortzufahren."
    case .verifyLeadPasskey:
      "Geben Sie Ihr Kennwort und einen Code ein, oder verwenden Sie Ihren Passkey, um fortzufahren."
    case .verifyLeadEither:
      "Geben Sie Ihr Kennwort und einen Code ein, um fortzufahren. Statt des Codes können Sie Ihren Passkey verwenden."
    case .verifySubmit: "Weiter"
    case .changeUsernameTitle: "Benutzernamen ändern"
    case .changeUsernameLead:
      "Danach melden Sie sich mit dem neuen Benutzernamen an. Ihre anderen Sitzungen enden."
    case .changeUsernameSubmit: "Benutzernamen ändern"
    case .changePasswordTitle: "Kennwort ändern"
    case .changePasswordLead: "Ihre anderen Sitzungen enden, damit nur Sie angemeldet bleiben."
    case .changePasswordSubmit: "Kennwort ändern"
    case .sessionsTitle: "Wo Sie angemeldet sind"
    case .sessionsLead:
      "Jede Zeile steht für einen Browser oder ein Programm, das sich mit Ihrem Konto angemeldet hat."
    case .sessionTitle: "Sitzung"
    case .thisSession: "dieser Browser"
    case .sessionEnded: "beendet"
    case .sessionAlive: "angemeldet"
    case .unknownDevice: "Unbekanntes Programm"
    case .browserOnSystem: "{browser} auf {system}"
    case .device: "Programm"
    case .address: "IP-Adresse"
    case .began: "Begonnen"
    case .lastUsed: "Zuletzt benutzt"
    case .endsAt: "Endet"
    case .endedAt: "Beendet"
    case .state: "Status"
    case .endSessionTitle: "Diese Sitzung beenden"
    case .endSessionLead: "Der Browser oder das Programm wird sofort abgemeldet."
    case .endSessionSubmit: "Sitzung beenden"
    case .endAllTitle: "Sitzungen beenden"
    case .endAllLead:
      "Tun Sie das, wenn Sie vergessen haben, sich irgendwo abzumelden, oder wenn Ihnen etwas verdächtig vorkommt."
    case .endAllSubmit: "Sitzungen beenden"
    case .scopeOthers: "Alle anderen; dieser Browser bleibt angemeldet"
    case .scopeAll: "Alle; auch alle Rücksetzcodes werden ungültig"
    case .activityTitle: "Letzte Aktivitäten"
    case .activityLead:
      "Was in den letzten 90 Tagen mit Ihrem Konto geschehen ist. Wenn etwas davon nicht von Ihnen stammt, ändern Sie Ihr Kennwort."
    case .noActivity: "Noch nichts."
    case .accountEventsTitle: "Aktivitäten dieses Kontos"
    case .eventTimes: "{count}-mal"
    case .eventTimesFirst: "{count}-mal (zuerst: {time})"
    case .eventByAdministrator: "durch die Administration"
    case .eventByOperator: "durch die Person, die den Server betreibt"
    case .newDevice: "neues Gerät"
    case .newDeviceNotice: "Ein neues Gerät hat sich mit Ihrem Konto angemeldet."
    case .newDeviceTitle: "Waren Sie das?"
    case .newDeviceLead:
      "Wenn Sie es nicht waren, ändern Sie jetzt Ihr Kennwort: Das beendet alle anderen Sitzungen."
    case .newDeviceNone: "Es gibt kein neues Gerät zu bestätigen."
    case .newDeviceSubmit: "Das war ich"
    case .twoFactorTitle: "Bestätigung in zwei Schritten"
    case .twoFactorLead:
      "Mit der Bestätigung in zwei Schritten reicht ein gestohlenes Kennwort allein nicht aus, um in Ihr Konto zu gelangen."
    case .twoFactorRequired:
      "Diese Website verlangt die Bestätigung in zwei Schritten. Richten Sie eine Authenticator-App oder einen Passkey ein, um fortzufahren."
    case .twoFactorOn: "Ein"
    case .twoFactorOff: "Aus"
    case .authenticatorTitle: "Authenticator-App"
    case .authenticatorNone: "Es ist keine eingerichtet."
    case .authenticatorSince: "Eingerichtet"
    case .authenticatorSetUpTitle: "Authenticator-App einrichten"
    case .authenticatorReplace: "Zu einer anderen Authenticator-App wechseln"
    case .authenticatorBeginLead:
      "Eine Authenticator-App auf Ihrem Smartphone zeigt alle 30 Sekunden einen neuen Code aus sechs Ziffern an. Jede App für TOTP-Codes ist geeignet."
    case .authenticatorFormer:
      "Die bisherige App bleibt gültig, bis Sie einen Code der neuen App eingegeben haben."
    case .authenticatorBegin: "Weiter"
    case .authenticatorScan:
      "Scannen Sie dieses Bild mit der App, oder geben Sie den Schlüssel in die App ein. Geben Sie dann den Code ein, den die App anzeigt."
    case .authenticatorPicture: "QR-Code mit dem Schlüssel"
    case .authenticatorKey: "Schlüssel"
    case .authenticatorOpen: "App auf diesem Gerät öffnen"
    case .authenticatorSubmit: "Einschalten"
    case .authenticatorRemoveTitle: "Authenticator-App entfernen"
    case .authenticatorRemoveLead:
      "Bei der Anmeldung werden keine Codes der App mehr verlangt. Ihre anderen Sitzungen enden."
    case .authenticatorRemoveSubmit: "App entfernen"
    case .lastFactorLead:
      "Danach ist die Bestätigung in zwei Schritten aus: Zur Anmeldung genügt Ihr Kennwort, und Ihre Wiederherstellungscodes gelten nicht mehr."
    case .recoveryTitle: "Wiederherstellungscodes"
    case .recoveryLead:
      "Ein Wiederherstellungscode ersetzt einmal den zweiten Schritt, wenn Sie Ihr Smartphone oder Ihren Passkey verloren haben."
    case .recoveryLeft: "Verbleibende Codes"
    case .recoveryNewTitle: "Neue Wiederherstellungscodes erstellen"
    case .recoveryNewLead: "Ihre bisherigen Wiederherstellungscodes gelten dann nicht mehr."
    case .recoveryNewSubmit: "Zehn Codes erstellen"
    case .recoveryNeedsFactor: "Richten Sie zuerst eine Authenticator-App oder einen Passkey ein."
    case .recoveryShownTitle: "Ihre Wiederherstellungscodes"
    case .recoveryShownLead:
      "Jeder dieser Codes ersetzt einmal den zweiten Schritt, wenn Sie Ihr Smartphone oder Ihren Passkey verloren haben. Drucken Sie sie aus, oder bewahren Sie sie in einem Kennwort-Manager auf: Sie werden nur jetzt angezeigt."
    case .recoverySave: "Als Datei speichern"
    case .secondStepTitle: "Zweiter Schritt"
    case .secondStepLead:
      "Geben Sie den Code ein, den Ihre Authenticator-App anzeigt, oder einen Ihrer Wiederherstellungscodes."
    case .secondStepLeadPasskey:
      "Verwenden Sie Ihren Passkey, oder geben Sie einen Ihrer Wiederherstellungscodes ein."
    case .secondStepLeadAny:
      "Verwenden Sie Ihren Passkey, oder geben Sie den Code ein, den Ihre Authenticator-App anzeigt, oder einen Ihrer Wiederherstellungscodes."
    case .secondStepLeadRecovery:
      "Unter dieser Adresse funktionieren Ihre Passkeys nicht. Geben Sie einen Ihrer Wiederherstellungscodes ein."
    case .secondStepSubmit: "Anmelden"
    case .secondStepAgain: "Mit einem anderen Konto anmelden"
    case .secondStepLost:
      "Wenn Sie nichts davon mehr haben, wenden Sie sich an die Verantwortlichen dieser Website."
    case .signedInWith: "Angemeldet mit"
    case .methodPassword: "Kennwort"
    case .methodApp: "Authenticator-App"
    case .methodPasskey: "Passkey"
    case .methodRecoveryCode: "Wiederherstellungscode"
    case .codeHint:
      "Nur wenn Sie die Bestätigung in zwei Schritten eingerichtet haben: ein Code Ihrer Authenticator-App oder ein Wiederherstellungscode."
    case .codeHintKnown: "Ein Code Ihrer Authenticator-App oder ein Wiederherstellungscode."
    case .codeHintRecovery: "Einer Ihrer Wiederherstellungscodes."
    case .wrongCodeNotice:
      "Jemand hat Ihr Kennwort oder einen Rücksetzcode eingegeben und ist danach am zweiten Schritt gescheitert. Waren Sie das?"
    case .wrongCodeTitle: "Zweiter Schritt fehlgeschlagen"
    case .wrongCodeLink: "Zeitpunkt ansehen"
    case .wrongCodeLead:
      "Jemand hat Ihr Kennwort oder einen Rücksetzcode eingegeben und ist danach am zweiten Schritt gescheitert: {time}. Wenn Sie das nicht waren, ändern Sie Ihr Kennwort, und machen Sie Ihre Rücksetzcodes ungültig."
    case .wrongCodeNone: "Es gibt nichts zu melden."
    case .wrongCodeSubmit: "Diesen Hinweis schließen"
    case .factorsTakenNotice:
      "Die Verantwortlichen dieser Website haben Ihre Bestätigung in zwei Schritten entfernt. Wenn Sie nicht darum gebeten haben, ändern Sie Ihr Kennwort."
    case .removeFactorsTitle: "Bestätigung in zwei Schritten entfernen"
    case .removeFactorsLead:
      "Für den Fall, dass jemand Smartphone, Passkeys und Wiederherstellungscodes verloren hat. Vergewissern Sie sich, dass wirklich diese Person Sie darum bittet. Danach genügt das Kennwort zur Anmeldung, und alle Sitzungen des Kontos enden."
    case .removeFactorsSubmit: "Bestätigung in zwei Schritten entfernen"
    case .passkeysTitle: "Passkeys"
    case .passkeysLead:
      "Mit einem Passkey auf Ihrem Smartphone, Computer oder Sicherheitsschlüssel melden Sie sich ohne Kennwort an, oder Sie verwenden ihn als zweiten Schritt."
    case .passkeyTitle: "Passkey"
    case .passkeyMade: "Hinzugefügt"
    case .passkeyUsed: "Zuletzt benutzt"
    case .passkeyUnused: "nie"
    case .passkeyAddTitle: "Passkey hinzufügen"
    case .passkeyAddLead:
      "Ihr Browser fordert Sie auf, mit Fingerabdruck, Gesicht, PIN oder Sicherheitsschlüssel zu bestätigen."
    case .passkeyAddSubmit: "Passkey hinzufügen"
    case .passkeyNameHint: "Damit Sie Ihre Passkeys auseinanderhalten können."
    case .passkeyRemoveTitle: "Diesen Passkey entfernen"
    case .passkeyRemoveLead:
      "Sie können sich damit nicht mehr anmelden. Ihre anderen Sitzungen enden. Löschen Sie ihn auch auf Ihrem Gerät, das ihn sonst weiter anbietet."
    case .passkeyRemoveSubmit: "Entfernen"
    case .passkeyNeedsName:
      "Passkeys setzen HTTPS und einen Hostnamen voraus; diese Adresse bietet nicht beides. Eine Authenticator-App funktioniert hier."
    case .passkeyOtherDomain:
      "Die Passkeys dieser Website gehören zu {domain} und nicht zu dieser Adresse. Öffnen Sie die Website dort, oder wenden Sie sich an die Verantwortlichen."
    case .passkeyNeedsScript: "Passkeys setzen JavaScript und einen Browser voraus, der sie unterstützt."
    case .passkeyAppInstead: "Eine Authenticator-App funktioniert auch ohne."
    case .passkeyPasswordInstead: "Melden Sie sich stattdessen mit Ihrem Kennwort an."
    case .passkeyCodeInstead: "Geben Sie stattdessen einen Code ein."
    case .passkeySignIn: "Mit einem Passkey anmelden"
    case .passwordSignIn: "Mit einem Kennwort anmelden"
    case .passkeyUse: "Passkey verwenden"
    case .passkeyInPlace: "Statt des Codes einen Passkey verwenden"
    case .passkeyFailed:
      "Das hat nicht geklappt. Versuchen Sie es noch einmal, oder wählen Sie einen anderen Weg."
    case .passkeyKnown: "Auf diesem Gerät gibt es schon einen Passkey für Ihr Konto."
    case .noticeDeviceNoted: "Danke. Der Hinweis ist erledigt."
    case .eventAccountCreated: "Konto angelegt"
    case .eventSignedIn: "Anmeldung"
    case .eventSignInFailed: "Anmeldung fehlgeschlagen"
    case .eventVerified: "Identität bestätigt"
    case .eventProofFailed: "Falsches Kennwort oder falscher Code"
    case .eventProven: "Kennwort oder Code richtig, aber abgelehnt"
    case .eventLocked: "Zu viele Versuche"
    case .eventSessionEnded: "Sitzung beendet"
    case .eventOtherSessionsEnded: "Alle anderen Sitzungen beendet"
    case .eventSessionKeyReset: "Alle Sitzungen beendet, alle Rücksetzcodes ungültig"
    case .eventUsernameChanged: "Benutzername geändert"
    case .eventPasswordChanged: "Kennwort geändert"
    case .eventCodeCreated: "Rücksetzcode erstellt"
    case .eventCodeDeleted: "Rücksetzcode entfernt"
    case .eventCodeUsed: "Kennwort mit einem Code festgelegt"
    case .eventInvitationCreated: "Einladung erstellt"
    case .eventInvitationDeleted: "Einladung zurückgezogen"
    case .eventInvitationUsed: "Eine Einladung dieses Kontos wurde eingelöst"
    case .eventGroupsSet: "Gruppen geändert"
    case .eventAdministratorSet: "Admin-Rechte erhalten"
    case .eventAdministratorReset: "Admin-Rechte entzogen"
    case .eventOwnerSet: "Website auf dieses Konto übertragen"
    case .eventDeletionScheduled: "Löschung vorgemerkt"
    case .eventDeletionCancelled: "Löschung abgebrochen"
    case .eventDeletionDropped: "Löschung verworfen, da die Website einem Konto gehören muss"
    case .eventAccountDeleted: "Konto entfernt"
    case .eventAccountSuspended: "Konto gesperrt"
    case .eventAccountResumed: "Sperre aufgehoben"
    case .eventFactorWrong: "Falscher zweiter Schritt nach richtigem Kennwort oder Rücksetzcode"
    case .eventAuthenticatorAdded: "Authenticator-App eingerichtet"
    case .eventAuthenticatorRemoved: "Authenticator-App entfernt"
    case .eventRecoveryCodesCreated: "Neue Wiederherstellungscodes erstellt"
    case .eventRecoveryCodeUsed: "Wiederherstellungscode benutzt"
    case .eventFactorsRemoved: "Bestätigung in zwei Schritten entfernt"
    case .eventPasskeyAdded: "Passkey hinzugefügt"
    case .eventPasskeyRemoved: "Passkey entfernt"
    case .eventPasskeyRefused: "Passkey abgelehnt"
    case .exportTitle: "Ihre Daten herunterladen"
    case .exportLead:
      "Sie erhalten eine Datei mit allem, was die Kontenverwaltung dieser Website über Sie speichert: Konto, Profile, Passkeys, Sitzungen, Rücksetzcodes, Einladungen und letzte Aktivitäten. Kennwörter und Codes fehlen darin, denn von ihnen ist nur ein Fingerabdruck gespeichert."
    case .exportSubmit: "Datei herunterladen"
    case .profilesTitle: "Ihre Profile"
    case .profilesLead: "Ein Profil enthält, was diese Website über Sie weiß."
    case .noProfiles: "Sie haben noch kein Profil."
    case .profileTitle: "Profil"
    case .defaultProfile: "wird verwendet"
    case .createProfileTitle: "Profil hinzufügen"
    case .createProfileSubmit: "Profil hinzufügen"
    case .editProfileTitle: "Dieses Profil bearbeiten"
    case .editProfileSubmit: "Speichern"
    case .setDefaultTitle: "Dieses Profil verwenden"
    case .setDefaultLead: "Danach wird dieses Profil verwendet."
    case .setDefaultSubmit: "Dieses Profil verwenden"
    case .deleteProfileTitle: "Dieses Profil entfernen"
    case .deleteProfileLead: "Der Inhalt des Profils wird endgültig entfernt."
    case .deleteProfileSubmit: "Profil entfernen"
    case .defaultStays: "Das verwendete Profil kann nicht entfernt werden. Verwenden Sie zuerst ein anderes."
    case .resetCodesTitle: "Ihre Rücksetzcodes"
    case .resetCodesLead:
      "Mit einem Rücksetzcode können Sie ein neues Kennwort festlegen, wenn Sie Ihres vergessen haben. Jeder Code gilt nur einmal. Bewahren Sie ihn so sicher auf wie einen Schlüssel."
    case .resetCodesFactor:
      "Bei der Bestätigung in zwei Schritten ist auch der zweite Schritt nötig, um ein neues Kennwort festzulegen."
    case .noResetCodes:
      "Sie haben keinen Rücksetzcode. Ohne Rücksetzcode können Sie hier kein neues Kennwort festlegen, wenn Sie Ihres vergessen haben."
    case .resetCodeTitle: "Rücksetzcode"
    case .resetCodeMade: "Erstellt"
    case .byAdministrator: "von der Administration"
    case .createResetCodeTitle: "Rücksetzcode erstellen"
    case .createResetCodeLead:
      "Übernehmen Sie den Code unten, oder geben Sie einen eigenen ein. Der Code wird nur jetzt angezeigt."
    case .createResetCodeSubmit: "Code erstellen"
    case .resetCodeShownTitle: "Ihr Rücksetzcode"
    case .resetCodeShownLead:
      "Schreiben Sie ihn auf, oder drucken Sie diese Seite, und bewahren Sie ihn sicher auf. Er wird nicht noch einmal angezeigt."
    case .resetCodeAlreadyMade: "Dieser Code wurde schon erstellt. Er wird nicht noch einmal angezeigt."
    case .deleteResetCodeTitle: "Diesen Rücksetzcode entfernen"
    case .deleteResetCodeLead: "Der Code gilt dann nicht mehr."
    case .deleteResetCodeSubmit: "Code entfernen"
    case .resetAccountTitle: "Kennwort vergessen"
    case .resetAccountLead:
      "Legen Sie mit einem Ihrer Rücksetzcodes ein neues Kennwort fest. Wenn Sie keinen haben, bitten Sie die Verantwortlichen dieser Website um einen."
    case .resetAccountSubmit: "Neues Kennwort festlegen"
    case .deleteAccountTitle: "Konto löschen"
    case .deleteAccountLead:
      "Sie werden sofort überall abgemeldet. Nach {days} werden das Konto und alles darin endgültig entfernt. Bis dahin können Sie die Löschung noch abbrechen."
    case .deleteAccountAtOnceLead:
      "Sie werden überall abgemeldet, und das Konto und alles darin werden endgültig entfernt."
    case .deleteAccountSubmit: "Konto löschen"
    case .deletedTitle: "Ihr Konto wird gelöscht"
    case .deletedUntil: "Endgültig entfernt wird es am {time}."
    case .deletedAtOnceTitle: "Ihr Konto wurde gelöscht"
    case .deletedAtOnce: "Das Konto und alles darin wurden endgültig entfernt."
    case .deletedCancel: "Wenn Sie es behalten möchten, benutzen Sie vorher den Link unten."
    case .restoreTitle: "Konto behalten"
    case .restoreLead: "Wenn Ihr Konto zur Löschung vorgemerkt ist, können Sie die Löschung hier abbrechen."
    case .restoreSubmit: "Konto behalten"
    case .adminTitle: "Verwaltung"
    case .accountsTitle: "Konten"
    case .administratorsTitle: "Konten der Administration"
    case .deletedAccountsTitle: "Zur Löschung vorgemerkte Konten"
    case .allSessionsTitle: "Sitzungen"
    case .allProfilesTitle: "Profile"
    case .allResetCodesTitle: "Rücksetzcodes"
    case .anyAccountTitle: "Konto"
    case .accountOfRecord: "Konto"
    case .accountSessionsTitle: "Sitzungen dieses Kontos"
    case .accountProfilesTitle: "Profile dieses Kontos"
    case .accountResetCodesTitle: "Rücksetzcodes dieses Kontos"
    case .accountHolds: "Inhalt"
    case .accountActions: "Was Sie tun können"
    case .ownAccount: "Das ist Ihr eigenes Konto."
    case .usernameChangedAt: "Benutzername zuletzt geändert"
    case .passwordChangedAt: "Kennwort zuletzt geändert"
    case .codeMadeAt: "Rücksetzcode zuletzt erstellt"
    case .codeUsedAt: "Rücksetzcode zuletzt benutzt"
    case .deletionDueAt: "Löschung am"
    case .byHolder: "von der Person selbst"
    case .inAll: "{count} insgesamt"
    case .scheduleDeletionTitle: "Löschung dieses Kontos vormerken"
    case .scheduleDeletionLead:
      "Die Person wird sofort überall abgemeldet. Nach {days} werden das Konto und alles darin endgültig entfernt. Bis dahin kann die Administration die Löschung abbrechen."
    case .scheduleDeletionAtOnceLead:
      "Die Person wird überall abgemeldet, und das Konto und alles darin werden innerhalb einer Minute endgültig entfernt."
    case .scheduleDeletionSubmit: "Löschung vormerken"
    case .cancelDeletionTitle: "Dieses Konto behalten"
    case .cancelDeletionLead:
      "Das Konto wird nicht gelöscht. Sofern es nicht gesperrt ist, kann sich die Person wieder anmelden."
    case .cancelDeletionSubmit: "Löschung abbrechen"
    case .removeAccountTitle: "Dieses Konto sofort löschen"
    case .removeAccountLead:
      "Das Konto und alles darin werden endgültig entfernt. Das lässt sich nicht rückgängig machen."
    case .removeAccountSubmit: "Konto endgültig löschen"
    case .promoteTitle: "Diesem Konto Admin-Rechte geben"
    case .promoteLead: "Die Person kann dann alle Konten und deren Inhalt sehen und alle außer Ihrem ändern."
    case .promoteSubmit: "Admin-Rechte geben"
    case .demoteTitle: "Diesem Konto die Admin-Rechte entziehen"
    case .demoteLead: "Die Person behält das Konto, wird aber überall abgemeldet."
    case .demoteSubmit: "Admin-Rechte entziehen"
    case .transferTitle: "Diese Website auf dieses Konto übertragen"
    case .transferLead:
      "Die Website gehört dann dieser Person, die überall abgemeldet wird. Sie behalten Ihre Admin-Rechte. Nur die andere Person kann Ihnen die Website zurückgeben."
    case .transferSubmit: "Website übertragen"
    case .resetKeyTitle: "Alle Sitzungen und Rücksetzcodes ungültig machen"
    case .resetKeyLead:
      "Die Person wird überall abgemeldet, und alle Rücksetzcodes des Kontos werden ungültig. Tun Sie das, wenn Fremde das Konto benutzt haben könnten."
    case .resetKeySubmit: "Alle ungültig machen"
    case .groupsTitle: "Gruppen"
    case .groupsLead:
      "Eine Gruppe besteht, solange ein Konto in ihr ist. In Gruppen aufnehmen können Sie ein Konto auf seiner eigenen Seite."
    case .groupOfAccounts: "Gruppe"
    case .setGroupsTitle: "Gruppen dieses Kontos ändern"
    case .setGroupsLead:
      "Gruppen legen fest, welche Teile der Website die Person nutzen darf. Trennen Sie die Namen durch Kommas, zum Beispiel: chor, vorstand. Lassen Sie das Feld leer, wenn das Konto in keiner Gruppe sein soll."
    case .setGroupsSubmit: "Gruppen speichern"
    case .problemGroups:
      "Geben Sie höchstens 64 Namen an, durch Kommas getrennt. Ein Name hat 1 bis 32 Zeichen: a bis z, Ziffern und Bindestriche."
    case .noticeGroupsSet: "Die Gruppen wurden gespeichert."
    case .suspendTitle: "Dieses Konto sperren"
    case .suspendLead:
      "Die Person wird überall abgemeldet und kann sich erst wieder anmelden, wenn die Administration die Sperre aufhebt. Alles, was zum Konto gehört, bleibt erhalten."
    case .suspendDeletionLead: "Die vorgemerkte Löschung findet trotzdem statt."
    case .suspendSubmit: "Konto sperren"
    case .resumeTitle: "Sperre aufheben"
    case .resumeLead: "Die Person kann sich wieder anmelden."
    case .resumeSubmit: "Sperre aufheben"
    case .suspendedSince: "Gesperrt seit"
    case .suspensionReason: "Grund"
    case .suspended: "gesperrt"
    case .passwordDueAt: "Erstes Kennwort bis"
    case .passwordNotChosen: "noch kein Kennwort"
    case .makeAccountTitle: "Ein Konto für eine andere Person anlegen"
    case .makeAccountLead:
      "Sie wählen den Benutzernamen. Die Person wählt das Kennwort mit einem Code. Er wird nur einmal angezeigt, nachdem Sie dieses Formular abgeschickt haben."
    case .makeAccountSubmit: "Konto anlegen"
    case .madeAccountTitle: "Das Konto wurde angelegt"
    case .madeAccountLead:
      "Geben Sie der Person den Benutzernamen, diesen Code und den Link unten. Der Code wird nur jetzt angezeigt."
    case .madeAccountAlready:
      "Dieses Konto wurde schon angelegt. Sein Code wird nicht noch einmal angezeigt. Auf der Seite des Kontos können Sie einen neuen Code erstellen."
    case .choosePasswordAt: "Hier wählt die Person das Kennwort"
    case .invitationsTitle: "Einladungen"
    case .invitationsLead:
      "Wer eine Einladung hat, kann sich registrieren, auch wenn die Registrierung geschlossen ist."
    case .invitationTitle: "Einladung"
    case .createInvitationTitle: "Personen einladen"
    case .createInvitationLead:
      "Sie erhalten einen Link zum Weitergeben. Er wird nur einmal angezeigt, nachdem Sie dieses Formular abgeschickt haben."
    case .createInvitationSubmit: "Einladung erstellen"
    case .madeInvitationTitle: "Die neue Einladung"
    case .madeInvitationLead:
      "Senden Sie diesen Link an die Personen, die Sie einladen. Er wird nur jetzt angezeigt."
    case .madeInvitationAlready:
      "Diese Einladung wurde schon erstellt. Ihr Link wird nicht noch einmal angezeigt."
    case .invitationUses: "Benutzt"
    case .usesOf: "{used} von {uses}"
    case .invitationMaker: "Erstellt von"
    case .invitationNote: "Notiz"
    case .invitationOver: "gilt nicht mehr"
    case .deleteInvitationTitle: "Diese Einladung zurückziehen"
    case .deleteInvitationLead:
      "Ihr Link gilt dann nicht mehr. Konten, die damit registriert wurden, bleiben bestehen."
    case .deleteInvitationSubmit: "Einladung zurückziehen"
    case .problemWholeNumber: "Geben Sie eine ganze Zahl in diesem Bereich ein."
    case .problemSuspendOwner: "Das Konto, dem diese Website gehört, kann nicht gesperrt werden."
    case .problemSuspendOwn: "Ihr eigenes Konto können Sie nicht sperren."
    case .problemSuspendedAlready: "Dieses Konto ist schon gesperrt."
    case .problemNotSuspended: "Dieses Konto ist nicht gesperrt."
    case .noticeSuspended: "Das Konto wurde gesperrt."
    case .noticeResumed: "Die Sperre wurde aufgehoben."
    case .noticeInvitationDeleted: "Die Einladung wurde zurückgezogen."
    case .adminCodeTitle: "Einen Rücksetzcode für dieses Konto erstellen"
    case .adminCodeLead:
      "Wer den Code und den Benutzernamen kennt, kann ein neues Kennwort festlegen. Der Code wird nur jetzt angezeigt."
    case .adminCodeShownTitle: "Der neue Rücksetzcode"
    case .adminCodeShownLead:
      "Geben Sie ihn so an die Person weiter, dass andere ihn nicht lesen können. Er wird nicht noch einmal angezeigt."
    case .last90Days: "Die letzten 90 Tage"
    case .last365Days: "Die letzten 365 Tage nach Monaten"
    case .newThisWeek: "Neue Konten in den letzten 7 Tagen: {count}"
    case .chartRegistrations: "Registrierungen"
    case .chartActive: "Aktive Konten"
    case .chartSignIns: "Anmeldungen"
    case .chartResetCodes: "Erstellte Rücksetzcodes"
    case .mostOnDay: "höchstens {count} an einem Tag"
    case .mostInMonth: "höchstens {count} in einem Monat"
    case .figures: "Zahlen"
    case .week: "Woche ab"
    case .month: "Monat"
    case .number: "Anzahl"
    case .metricsOff: "Diese Website führt keine Statistik, deshalb gibt es keine Diagramme."
    case .searchSubmit: "Suchen"
    case .searchTitle: "Gefundene Konten"
    case .searchedFor: "Gesucht nach"
    case .searchNone:
      "Kein Konto gefunden. Geben Sie die Konto-ID, den Benutzernamen oder die E-Mail-Adresse vollständig ein."
    case .searchLimited: "Das sind die {count} neuesten. Es gibt noch mehr."
    case .frontTitle: "Willkommen"
    case .frontAPI: "Die API dieses Servers"
    case .newer: "Neueste"
    case .older: "Ältere"
    case .back: "Zurück"
    case .optional: "freiwillig"
    case .lengthMost: "höchstens {most} Zeichen"
    case .groupsHint: "Namen mit Kommas dazwischen, zum Beispiel: chor, vorstand"
    case .lengthBetween: "{least} bis {most} Zeichen"
    case .lengthLeast: "mindestens {least} Zeichen"
    case .skip: "Zum Inhalt springen"
    case .siteNavigation: "Website"
    case .languageLabel: "Sprache"
    case .terms: "Nutzungsbedingungen"
    case .privacy: "Datenschutz"
    case .problem: "Es gibt ein Problem"
    case .errorPrefix: "Fehler: "
    case .problemMissing: "Füllen Sie das Feld „{field}“ aus."
    case .problemLength: "Verwenden Sie {length}."
    case .problemCharacters:
      "Die Eingabe enthält Zeichen, die man nicht tippen oder sehen kann, etwa einen Zeilenumbruch. Geben Sie den Text neu ein."
    case .problemUnknownUsername: "Es gibt kein Konto mit diesem Benutzernamen. Prüfen Sie die Schreibweise."
    case .problemWrongPassword: "Dieses Kennwort ist nicht richtig. Geben Sie es noch einmal ein."
    case .problemCredentials: "Benutzername und Kennwort passen nicht zusammen. Prüfen Sie beides."
    case .problemTaken: "Dieser Benutzername ist vergeben. Wählen Sie einen anderen."
    case .problemCommon:
      "Dieses Kennwort gehört zu den ersten, die Fremde ausprobieren. Wählen Sie ein anderes."
    case .problemTooMany: "Zu viele Versuche. Versuchen Sie es in {time} noch einmal."
    case .problemDeleted:
      "Dieses Konto ist zur Löschung vorgemerkt. Um es zu behalten, benutzen Sie den Link unter dem Formular."
    case .problemNotDeleted:
      "Dieses Konto ist nicht zur Löschung vorgemerkt, oder es ist zu spät. Versuchen Sie, sich anzumelden."
    case .problemDeletedByOther:
      "Die Verantwortlichen dieser Website haben die Löschung dieses Kontos veranlasst. Wenden Sie sich an sie."
    case .problemSuspended:
      "Dieses Konto ist gesperrt. Wenden Sie sich an die Verantwortlichen dieser Website."
    case .problemSuspendedDeletion:
      "Dieses Konto ist gesperrt. Eine vorgemerkte Löschung findet trotzdem statt. Wenden Sie sich an die Verantwortlichen dieser Website."
    case .problemOwner:
      "Diese Website gehört Ihnen, und es gibt noch andere Konten. Übertragen Sie die Website zuerst auf ein anderes Konto."
    case .problemClosed: "Neue Konten können hier zurzeit nicht angelegt werden."
    case .problemSetupCode:
      "Das ist nicht der Einrichtungscode. Sie finden ihn in den Einstellungen des Servers."
    case .problemInvitation: "Diese Einladung gilt nicht mehr."
    case .problemProfileField: "Prüfen Sie Ihre Eingabe."
    case .problemTooManyProfiles:
      "Sie haben so viele Profile, wie diese Website erlaubt. Entfernen Sie zuerst eines."
    case .problemDefaultProfile:
      "Das verwendete Profil kann nicht entfernt werden. Verwenden Sie zuerst ein anderes."
    case .problemCodeForm: "Ein Code besteht nur aus Buchstaben und Ziffern. Entfernen Sie andere Zeichen."
    case .problemUnusableCode: "Dieser Code gilt nicht für dieses Konto. Jeder Code gilt nur einmal."
    case .problemGone: "Das gibt es nicht mehr."
    case .problemRemember: "Wählen Sie, wie lange Sie angemeldet bleiben möchten."
    case .problemStaleForm:
      "Dieses Formular war zu lange offen. Prüfen Sie es, und senden Sie es noch einmal."
    case .problemBusy: "Der Server ist ausgelastet. Versuchen Sie es gleich noch einmal."
    case .problemBusyForm:
      "Der Server ist ausgelastet. Warten Sie einen Moment, und laden Sie diese Seite dann neu. Dadurch wird Ihr Formular noch einmal gesendet."
    case .problemStorage:
      "Der Server kann zurzeit nichts speichern. Es wurde nichts geändert. Versuchen Sie es später noch einmal."
    case .problemOrigin:
      "Dieses Formular kam von einer anderen Website, oder Ihr Browser verbirgt, woher es kommt. Öffnen Sie die Seite hier, und senden Sie das Formular noch einmal."
    case .problemForm:
      "Das Formular ist nicht richtig angekommen. Gehen Sie zurück, und senden Sie es noch einmal."
    case .problemTooLong: "Sie haben mehr gesendet, als diese Seite annimmt. Kürzen Sie Ihre Eingabe."
    case .problemUnknown:
      "Hier ist etwas schiefgegangen. Der Server hat den Fehler vermerkt. Versuchen Sie es später noch einmal."
    case .problemAdministrator: "Diese Seite ist der Administration vorbehalten."
    case .problemNotYours: "Das gehört zu einem anderen Konto."
    case .problemOwnersAccount:
      "Dieses Konto gehört der Person, der auch die Website gehört. Nur sie selbst kann es ändern."
    case .problemOnlyOwner: "Das kann nur die Person tun, der diese Website gehört."
    case .problemOwnerStays:
      "Das Konto der Person, der die Website gehört, kann nicht gelöscht werden. Sie muss die Website vorher auf ein anderes Konto übertragen."
    case .problemOwnersRole: "Die Person, der die Website gehört, hat immer Admin-Rechte."
    case .problemAlready: "Das ist bereits der Fall."
    case .problemNotAdministrator: "Dieses Konto hat keine Admin-Rechte."
    case .problemScheduled: "Dieses Konto ist zur Löschung vorgemerkt. Brechen Sie die Löschung zuerst ab."
    case .problemSuspendedOther: "Dieses Konto ist gesperrt. Heben Sie zuerst die Sperre auf."
    case .problemWithoutPassword: "Für dieses Konto wurde noch kein Kennwort festgelegt."
    case .problemNotScheduled: "Dieses Konto ist nicht zur Löschung vorgemerkt, oder es ist zu spät."
    case .problemCode: "Der Code für den zweiten Schritt ist falsch oder wurde schon verwendet."
    case .problemCodeMalformed:
      "Der Code einer Authenticator-App hat sechs Ziffern, ein Wiederherstellungscode 16 Buchstaben und Ziffern."
    case .problemCodeDigits: "Geben Sie die sechs Ziffern ein, die die App anzeigt."
    case .problemFactorOwed:
      "Für dieses Konto ist die Bestätigung in zwei Schritten eingerichtet. Geben Sie einen Code ein, oder verwenden Sie einen Passkey."
    case .problemNotProposed:
      "Seit der Erstellung des Schlüssels ist zu viel Zeit vergangen. Beginnen Sie noch einmal."
    case .problemLastFactor:
      "Diese Website verlangt die Bestätigung in zwei Schritten. Richten Sie eine andere Möglichkeit für den zweiten Schritt ein, bevor Sie die letzte entfernen."
    case .problemNoFactor: "Für dieses Konto ist keine Bestätigung in zwei Schritten eingerichtet."
    case .problemPasskey: "Dieser Passkey funktioniert hier nicht."
    case .problemPasskeyTooMany:
      "Sie haben so viele Passkeys, wie diese Website erlaubt. Entfernen Sie zuerst einen."
    case .problemProve: "Geben Sie zuerst Ihr Kennwort noch einmal ein."
    case .notFoundTitle: "Diese Seite gibt es nicht"
    case .notFoundText: "Prüfen Sie die Adresse, oder gehen Sie zu Ihrem Konto."
    case .refusedTitle: "Das hat nicht geklappt"
    case .outOfServiceTitle: "Die Konten sind zurzeit nicht verfügbar"
    case .outOfServiceText:
      "Hier kann zurzeit nichts gelesen oder geändert werden. Versuchen Sie es später noch einmal. Der Grund steht im Protokoll des Servers."
    case .noticeRegistered: "Willkommen! Ihr Konto ist bereit, und Sie sind angemeldet."
    case .noticeAccountMade: "Ihr Konto ist bereit. Melden Sie sich an."
    case .noticeSignedOut: "Sie sind abgemeldet."
    case .noticeSessionOver:
      "Sie wurden inzwischen abgemeldet. Melden Sie sich an, und füllen Sie das Formular dann noch einmal aus."
    case .noticeSignInFirst: "Melden Sie sich an, um fortzufahren."
    case .noticeUsernameChanged: "Ihr Benutzername wurde geändert."
    case .noticePasswordChanged: "Ihr Kennwort wurde geändert."
    case .noticePasswordReset: "Ihr neues Kennwort gilt jetzt. Melden Sie sich damit an."
    case .noticeSessionEnded: "Die Sitzung wurde beendet."
    case .noticeSessionsEnded: "Die anderen Sitzungen wurden beendet."
    case .noticeProfileSaved: "Das Profil wurde gespeichert."
    case .noticeProfileRemoved: "Das Profil wurde entfernt."
    case .noticeProfileUsed: "Das Profil wird ab jetzt verwendet."
    case .noticeCodeRemoved: "Der Rücksetzcode wurde entfernt."
    case .noticeRestored: "Ihr Konto bleibt bestehen. Melden Sie sich an."
    case .noticeDeletionScheduled: "Das Konto wird gelöscht."
    case .noticeDeletionCancelled: "Das Konto bleibt bestehen."
    case .noticeAccountRemoved: "Das Konto wurde entfernt."
    case .noticeAdministratorAssigned: "Das Konto hat jetzt Admin-Rechte."
    case .noticeAdministratorRevoked: "Das Konto hat keine Admin-Rechte mehr."
    case .noticeOwnershipTransferred: "Die Website wurde übertragen. Sie haben weiterhin Admin-Rechte."
    case .noticeSessionKeyReset: "Alle Sitzungen wurden beendet, und alle Rücksetzcodes sind ungültig."
    case .noticeAuthenticatorAdded: "Die Authenticator-App wurde eingerichtet."
    case .noticeAuthenticatorRemoved: "Die Authenticator-App wurde entfernt."
    case .noticeSignInExpired:
      "Diese Anmeldung gilt nicht mehr: Es sind fünf Minuten vergangen, oder am Konto hat sich etwas geändert. Melden Sie sich noch einmal an."
    case .noticeRecoveryCodeUsed:
      "Sie haben einen Wiederherstellungscode verwendet, der nun nicht mehr gilt. Wie viele übrig sind, steht unter „Bestätigung in zwei Schritten“."
    case .noticeCodesReplaced:
      "Mit diesem Formular wurden schon Codes erstellt. Es gelten nur die neuesten Codes."
    case .noticeFactorsRemoved: "Die Bestätigung in zwei Schritten wurde entfernt."
    case .noticePasskeyAdded: "Der Passkey wurde hinzugefügt."
    case .noticePasskeyRemoved: "Der Passkey wurde entfernt."
    }
  }
}
