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
    case "remember": "Angemeldet bleiben"
    case "secret-code": "Rücksetzcode"
    case "setup-code": "Einrichtungscode"
    case "invitation", "invitation-code": "Einladungscode"
    case "scope": "Welche Sitzungen"
    case "full-name": "Vollständiger Name"
    case "display-name": "Angezeigter Name"
    case "company-name": "Organisation"
    case "contact-email": "E-Mail-Adresse"
    case "display-email": "Angezeigte E-Mail-Adresse"
    case "dob": "Geburtsdatum"
    case "phone": "Telefon"
    case "occupation": "Beruf"
    case "location": "Ort"
    case "website": "Website"
    case "default": "Dieses Profil verwenden"
    default: nil
    }
  }

  static func text(_ text: Text) -> String {
    switch text {
    case .accountTitle: "Ihr Konto"
    case .accountSince: "Konto seit"
    case .lastSignIn: "Letzte Anmeldung"
    case .role: "Rolle"
    case .roleOwner: "Eigentümer dieser Website"
    case .roleAdministrator: "Administration"
    case .name: "Name"
    case .accountID: "Kontonummer"
    case .signingIn: "Anmelden"
    case .security: "Sicherheit"
    case .personal: "Über Sie"
    case .ending: "Website verlassen"
    case .signInTitle: "Anmelden"
    case .signInLead: "Melden Sie sich mit dem Benutzernamen und dem Kennwort Ihres Kontos an."
    case .signInSubmit: "Anmelden"
    case .rememberMinutes: "Für 20 Minuten"
    case .rememberHours: "Für 8 Stunden"
    case .rememberDays: "Für 30 Tage, nur auf Ihrem eigenen Gerät"
    case .forgotPassword: "Kennwort vergessen?"
    case .registerLink: "Noch kein Konto? Registrieren"
    case .restoreLink: "Ein Konto behalten, das gelöscht werden soll"
    case .registerTitle: "Registrieren"
    case .registerLead: "Wählen Sie einen Benutzernamen und ein Kennwort für Ihr Konto."
    case .registerSubmit: "Registrieren"
    case .registrationClosed: "Neue Konten können hier zurzeit nicht registriert werden."
    case .invited: "Sie sind eingeladen. Wählen Sie einen Benutzernamen und ein Kennwort für Ihr Konto."
    case .invitationVoid:
      "Diese Einladung gilt nicht: Der Link ist unvollständig, oder sie ist abgelaufen. Bitten Sie die Person, die Sie eingeladen hat, um eine neue."
    case .invitationVoidOpen:
      "Diese Einladung gilt nicht: Der Link ist unvollständig, oder sie ist abgelaufen. Bitten Sie die Person, die Sie eingeladen hat, um eine neue, oder registrieren Sie sich ohne sie."
    case .invitationLead: "Wenn Sie den Code einer Einladung haben, geben Sie ihn hier ein."
    case .invitationSubmit: "Weiter"
    case .signInInstead: "Mit einem vorhandenen Konto anmelden"
    case .commonPasswordRule: "Sehr häufige Kennwörter werden abgelehnt."
    case .termsAgreement: "Mit der Registrierung stimmen Sie den Nutzungsbedingungen zu."
    case .signOutTitle: "Abmelden"
    case .signOutLead: "Zum erneuten Anmelden brauchen Sie Ihr Kennwort."
    case .signOutSubmit: "Abmelden"
    case .verifyTitle: "Noch einmal Ihr Kennwort"
    case .verifyLead:
      "Sie haben Ihr Kennwort vor einiger Zeit eingegeben. Geben Sie es noch einmal ein, um fortzufahren."
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
    case .address: "Adresse"
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
      "Tun Sie das, wenn Sie vergessen haben, sich irgendwo abzumelden, oder wenn Ihnen etwas seltsam vorkommt."
    case .endAllSubmit: "Sitzungen beenden"
    case .scopeOthers: "Alle anderen; dieser Browser bleibt angemeldet"
    case .scopeAll: "Alle, und alle Rücksetzcodes werden ungültig"
    case .profilesTitle: "Ihre Profile"
    case .profilesLead: "Ein Profil enthält, was diese Website über Sie weiß."
    case .noProfiles: "Sie haben noch kein Profil."
    case .profileTitle: "Profil"
    case .defaultProfile: "wird verwendet"
    case .createProfileTitle: "Profil hinzufügen"
    case .createProfileSubmit: "Profil hinzufügen"
    case .editProfileTitle: "Dieses Profil ändern"
    case .editProfileSubmit: "Speichern"
    case .setDefaultTitle: "Dieses Profil verwenden"
    case .setDefaultLead: "Von da an wird dieses Profil verwendet."
    case .setDefaultSubmit: "Dieses Profil verwenden"
    case .deleteProfileTitle: "Dieses Profil entfernen"
    case .deleteProfileLead: "Sein Inhalt wird endgültig entfernt."
    case .deleteProfileSubmit: "Profil entfernen"
    case .defaultStays: "Das verwendete Profil kann nicht entfernt werden. Verwenden Sie zuerst ein anderes."
    case .resetCodesTitle: "Ihre Rücksetzcodes"
    case .resetCodesLead:
      "Mit einem Rücksetzcode können Sie ein neues Kennwort festlegen, wenn Sie Ihres vergessen. Jeder Code gilt nur einmal. Bewahren Sie ihn wie einen Schlüssel auf."
    case .noResetCodes:
      "Sie haben keinen Rücksetzcode. Ohne einen kann ein vergessenes Kennwort hier nicht ersetzt werden."
    case .resetCodeTitle: "Rücksetzcode"
    case .resetCodeMade: "Erstellt"
    case .byAdministrator: "von der Administration"
    case .createResetCodeTitle: "Rücksetzcode erstellen"
    case .createResetCodeLead:
      "Übernehmen Sie den Code unten, oder geben Sie einen eigenen ein. Er wird nur jetzt angezeigt."
    case .createResetCodeSubmit: "Code erstellen"
    case .resetCodeShownTitle: "Ihr Rücksetzcode"
    case .resetCodeShownLead:
      "Schreiben Sie ihn auf oder drucken Sie diese Seite, und bewahren Sie ihn sicher auf. Er wird nicht noch einmal angezeigt."
    case .resetCodeAlreadyMade: "Dieser Code wurde schon erstellt. Er wird nicht noch einmal angezeigt."
    case .deleteResetCodeTitle: "Diesen Rücksetzcode entfernen"
    case .deleteResetCodeLead: "Der Code gilt dann nicht mehr."
    case .deleteResetCodeSubmit: "Code entfernen"
    case .resetAccountTitle: "Kennwort vergessen"
    case .resetAccountLead:
      "Legen Sie mit einem Ihrer Rücksetzcodes ein neues Kennwort fest. Wenn Sie keinen haben, bitten Sie die Betreiber dieser Website um einen."
    case .resetAccountSubmit: "Neues Kennwort festlegen"
    case .deleteAccountTitle: "Konto löschen"
    case .deleteAccountLead:
      "Sie werden sofort überall abgemeldet. Nach {days} werden das Konto und alles darin endgültig entfernt. Bis dahin können Sie es behalten."
    case .deleteAccountAtOnceLead:
      "Sie werden überall abgemeldet, und das Konto und alles darin werden endgültig entfernt."
    case .deleteAccountSubmit: "Konto löschen"
    case .deletedTitle: "Ihr Konto wird gelöscht"
    case .deletedUntil: "Es wird am {time} endgültig entfernt."
    case .deletedAtOnceTitle: "Ihr Konto ist gelöscht"
    case .deletedAtOnce: "Das Konto und sein Inhalt sind endgültig entfernt."
    case .deletedCancel: "Um es zu behalten, benutzen Sie vorher die Seite unten."
    case .restoreTitle: "Konto behalten"
    case .restoreLead: "Wenn Ihr Konto gelöscht werden soll, können Sie das hier verhindern."
    case .restoreSubmit: "Konto behalten"
    case .adminTitle: "Verwaltung"
    case .accountsTitle: "Konten"
    case .administratorsTitle: "Konten der Administration"
    case .deletedAccountsTitle: "Konten, die gelöscht werden sollen"
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
    case .usernameChangedAt: "Benutzername geändert"
    case .passwordChangedAt: "Kennwort geändert"
    case .codeMadeAt: "Letzter Rücksetzcode erstellt"
    case .codeUsedAt: "Letzter Rücksetzcode benutzt"
    case .deletionDueAt: "Wird gelöscht"
    case .byHolder: "von der Person selbst"
    case .inAll: "{count} insgesamt"
    case .scheduleDeletionTitle: "Löschung dieses Kontos vormerken"
    case .scheduleDeletionLead:
      "Die Person wird sofort überall abgemeldet. Nach {days} werden das Konto und alles darin endgültig entfernt. Bis dahin kann die Administration das verhindern."
    case .scheduleDeletionAtOnceLead:
      "Die Person wird überall abgemeldet, und das Konto und alles darin werden innerhalb einer Minute endgültig entfernt."
    case .scheduleDeletionSubmit: "Löschung vormerken"
    case .cancelDeletionTitle: "Dieses Konto behalten"
    case .cancelDeletionLead: "Das Konto wird nicht gelöscht, und die Person kann sich wieder anmelden."
    case .cancelDeletionSubmit: "Konto behalten"
    case .removeAccountTitle: "Dieses Konto sofort löschen"
    case .removeAccountLead:
      "Das Konto und alles darin werden endgültig entfernt. Das lässt sich nicht rückgängig machen."
    case .removeAccountSubmit: "Konto endgültig löschen"
    case .promoteTitle: "In die Administration aufnehmen"
    case .promoteLead: "Die Person sieht dann alle Konten und ihren Inhalt und kann alle außer Ihrem ändern."
    case .promoteSubmit: "In die Administration aufnehmen"
    case .demoteTitle: "Aus der Administration entfernen"
    case .demoteLead: "Die Person behält das Konto und wird überall abgemeldet."
    case .demoteSubmit: "Aus der Administration entfernen"
    case .transferTitle: "Diese Website übertragen"
    case .transferLead:
      "Die Website gehört dann dieser Person, die überall abgemeldet wird. Sie bleiben in der Administration. Nur die andere Person kann die Website zurückgeben."
    case .transferSubmit: "Website übertragen"
    case .resetKeyTitle: "Alle Sitzungen und Rücksetzcodes beenden"
    case .resetKeyLead:
      "Die Person wird überall abgemeldet, und alle Rücksetzcodes des Kontos werden ungültig. Tun Sie das, wenn Fremde das Konto benutzt haben könnten."
    case .resetKeySubmit: "Alle beenden"
    case .adminCodeTitle: "Einen Rücksetzcode für dieses Konto erstellen"
    case .adminCodeLead:
      "Mit dem Code und dem Benutzernamen kann man ein neues Kennwort setzen. Er wird nur jetzt angezeigt."
    case .adminCodeShownTitle: "Der neue Rücksetzcode"
    case .adminCodeShownLead:
      "Geben Sie ihn der Person so, dass andere ihn nicht lesen können. Er wird nicht noch einmal angezeigt."
    case .last90Days: "Die letzten 90 Tage"
    case .last365Days: "Die letzten 365 Tage nach Monaten"
    case .newThisWeek: "Neue Konten in den letzten 7 Tagen: {count}"
    case .chartRegistrations: "Registrierungen"
    case .chartActive: "Aktive Konten"
    case .chartSignIns: "Anmeldungen"
    case .chartResetCodes: "Erstellte Rücksetzcodes"
    case .mostOnDay: "höchstens {count} am Tag"
    case .mostInMonth: "höchstens {count} im Monat"
    case .figures: "Zahlen"
    case .week: "Ab"
    case .month: "Monat"
    case .number: "Anzahl"
    case .metricsOff: "Diese Website zählt nicht, was geschieht. Darum gibt es keine Diagramme."
    case .frontTitle: "Willkommen"
    case .frontAPI: "Die API dieses Servers"
    case .newer: "Neueste"
    case .older: "Ältere"
    case .back: "Zurück"
    case .optional: "freiwillig"
    case .lengthBetween: "{least} bis {most} Zeichen"
    case .lengthLeast: "mindestens {least} Zeichen"
    case .skip: "Zum Inhalt"
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
    case .problemWrongPassword: "Das ist nicht das Kennwort des Kontos."
    case .problemCredentials: "Benutzername und Kennwort passen nicht zusammen."
    case .problemTaken: "Dieser Benutzername ist vergeben. Wählen Sie einen anderen."
    case .problemCommon:
      "Dieses Kennwort gehört zu den ersten, die Fremde ausprobieren. Wählen Sie ein anderes."
    case .problemTooMany: "Zu viele Versuche. Versuchen Sie es in {time} noch einmal."
    case .problemDeleted:
      "Dieses Konto soll gelöscht werden. Um es zu behalten, benutzen Sie den Link unter dem Formular."
    case .problemNotDeleted:
      "Dieses Konto soll nicht gelöscht werden, oder es ist zu spät. Versuchen Sie, sich anzumelden."
    case .problemDeletedByOther: "Die Betreiber dieser Website löschen dieses Konto. Wenden Sie sich an sie."
    case .problemSuspended: "Dieses Konto ist gesperrt. Wenden Sie sich an die Betreiber dieser Website."
    case .problemSuspendedDeletion:
      "Dieses Konto ist gesperrt. Eine geplante Löschung geht weiter. Wenden Sie sich an die Betreiber dieser Website."
    case .problemOwner:
      "Diese Website gehört Ihnen, und es gibt noch andere Konten. Übertragen Sie die Website zuerst auf ein anderes Konto."
    case .problemClosed: "Neue Konten können hier zurzeit nicht registriert werden."
    case .problemSetupCode: "Das ist nicht der Einrichtungscode. Er steht in den Einstellungen des Servers."
    case .problemInvitation: "Diese Einladung gilt nicht mehr."
    case .problemProfileField: "Prüfen Sie Ihre Eingabe."
    case .problemTooManyProfiles:
      "Sie haben so viele Profile, wie diese Website erlaubt. Entfernen Sie zuerst eines."
    case .problemDefaultProfile:
      "Das verwendete Profil kann nicht entfernt werden. Verwenden Sie zuerst ein anderes."
    case .problemCodeForm: "Ein Code besteht aus Buchstaben und Ziffern."
    case .problemUnusableCode: "Dieser Code gilt nicht für dieses Konto. Jeder Code gilt nur einmal."
    case .problemGone: "Das gibt es nicht mehr."
    case .problemRemember: "Wählen Sie, wie lange Sie angemeldet bleiben möchten."
    case .problemStaleForm: "Dieses Formular war zu lange offen. Prüfen Sie es und senden Sie es noch einmal."
    case .problemBusy: "Der Server ist ausgelastet. Versuchen Sie es gleich noch einmal."
    case .problemBusyForm:
      "Der Server ist ausgelastet. Warten Sie einen Moment, und laden Sie diese Seite dann neu: Das sendet Ihr Formular noch einmal."
    case .problemStorage:
      "Der Server kann zurzeit nichts speichern. Es wurde nichts geändert. Versuchen Sie es später noch einmal."
    case .problemOrigin:
      "Dieses Formular kam von einer anderen Website, oder Ihr Browser verbirgt, woher es kommt. Öffnen Sie die Seite hier, und senden Sie es noch einmal."
    case .problemForm:
      "Das Formular kam nicht so an, wie es sollte. Gehen Sie zurück und senden Sie es noch einmal."
    case .problemTooLong: "Sie haben mehr gesendet, als diese Seite annimmt."
    case .problemUnknown:
      "Hier ist etwas schiefgegangen. Der Server hat es vermerkt. Versuchen Sie es später noch einmal."
    case .problemAdministrator: "Diese Seite ist für die Administration bestimmt."
    case .problemNotYours: "Das gehört zu einem anderen Konto."
    case .problemOwnersAccount:
      "Dieses Konto ist das der Person, der die Website gehört. Nur sie selbst kann es ändern."
    case .problemOnlyOwner: "Das kann nur die Person, der diese Website gehört."
    case .problemOwnerStays:
      "Das Konto der Person, der die Website gehört, kann nicht gelöscht werden. Sie kann die Website vorher übertragen."
    case .problemOwnersRole: "Wem die Website gehört, ist immer in der Administration."
    case .problemAlready: "Das ist schon so."
    case .problemNotAdministrator: "Dieses Konto gehört nicht zur Administration."
    case .problemScheduled: "Dieses Konto soll gelöscht werden. Verhindern Sie das zuerst."
    case .problemSuspendedOther: "Dieses Konto ist gesperrt. Heben Sie zuerst die Sperre auf."
    case .problemWithoutPassword: "Für dieses Konto wurde noch kein Kennwort gewählt."
    case .problemNotScheduled: "Dieses Konto soll nicht gelöscht werden, oder es ist zu spät."
    case .notFoundTitle: "Diese Seite gibt es nicht"
    case .notFoundText: "Prüfen Sie die Adresse, oder gehen Sie zu Ihrem Konto."
    case .refusedTitle: "Das hat nicht geklappt"
    case .outOfServiceTitle: "Die Konten sind außer Betrieb"
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
    case .noticeAdministratorAssigned: "Das Konto gehört jetzt zur Administration."
    case .noticeAdministratorRevoked: "Das Konto gehört nicht mehr zur Administration."
    case .noticeOwnershipTransferred: "Die Website wurde übertragen. Sie gehören weiter zur Administration."
    case .noticeSessionKeyReset: "Alle Sitzungen wurden beendet, und alle Rücksetzcodes sind ungültig."
    }
  }
}
