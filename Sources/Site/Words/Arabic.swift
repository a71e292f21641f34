/// The pages in Arabic. They run from right to left.
enum Arabic: Words {
  static let name = "العربية"
  static let thousands = ","
  static let isRightToLeft = true
  static let comma = "، "

  static func date(_ day: Int, _ month: Int, _ year: Int) -> String {
    let months = [
      "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر",
      "ديسمبر",
    ]
    return "\(day) \(months[month - 1]) \(year)"
  }

  /// Arabic counts one, two, few (3 to 10), many and hundreds, each with a form of its own. The last two digits decide.
  static func duration(_ count: Int, _ unit: TimeUnit) -> String {
    let (one, two, few, many, hundred) =
      switch unit {
      case .day: ("يوم واحد", "يومين", "أيام", "يومًا", "يوم")
      case .hour: ("ساعة واحدة", "ساعتين", "ساعات", "ساعة", "ساعة")
      case .minute: ("دقيقة واحدة", "دقيقتين", "دقائق", "دقيقة", "دقيقة")
      case .second: ("ثانية واحدة", "ثانيتين", "ثوانٍ", "ثانية", "ثانية")
      }
    return switch (count, count % 100) {
    case (1, _): one
    case (2, _): two
    case (_, 3...10): "\(count) \(few)"
    case (3..., 0...2): "\(count) \(hundred)"
    default: "\(count) \(many)"
    }
  }

  /// The label of a field by the name of its parameter.
  static func label(_ field: String) -> String? {
    switch field {
    case "username": "اسم المستخدم"
    case "new-username": "اسم المستخدم الجديد"
    case "password": "كلمة المرور"
    case "new-password": "كلمة المرور الجديدة"
    case "verify-password": "كلمة المرور الحالية"
    case "remember": "إبقاء الجلسة مفتوحة"
    case "secret-code": "رمز الاستعادة"
    case "setup-code": "رمز الإعداد"
    case "invitation", "invitation-code": "رمز الدعوة"
    case "scope": "الجلسات المراد إنهاؤها"
    case "full-name": "الاسم الكامل"
    case "display-name": "الاسم الظاهر"
    case "company-name": "المؤسسة"
    case "contact-email": "البريد الإلكتروني"
    case "display-email": "البريد الإلكتروني الظاهر"
    case "dob": "تاريخ الميلاد"
    case "phone": "الهاتف"
    case "occupation": "المهنة"
    case "location": "المكان"
    case "website": "الموقع الإلكتروني"
    case "default": "استخدام هذا الملف الشخصي"
    default: nil
    }
  }

  static func text(_ text: Text) -> String {
    switch text {
    case .accountTitle: "حسابك"
    case .accountSince: "تاريخ إنشاء الحساب"
    case .lastSignIn: "آخر تسجيل دخول"
    case .role: "الدور"
    case .roleOwner: "مالك هذا الموقع"
    case .roleAdministrator: "مشرف"
    case .name: "الاسم"
    case .accountID: "رقم الحساب"
    case .signingIn: "تسجيل الدخول"
    case .security: "الأمان"
    case .personal: "معلومات عنك"
    case .ending: "مغادرة الموقع"
    case .signInTitle: "تسجيل الدخول"
    case .signInLead: "سجّل الدخول باسم المستخدم وكلمة المرور الخاصين بحسابك."
    case .signInSubmit: "تسجيل الدخول"
    case .rememberMinutes: "لمدة 20 دقيقة"
    case .rememberHours: "لمدة 8 ساعات"
    case .rememberDays: "لمدة 30 يومًا، على جهازك الخاص فقط"
    case .forgotPassword: "هل نسيت كلمة المرور؟"
    case .registerLink: "ليس لديك حساب؟ أنشئ حسابًا"
    case .restoreLink: "الاحتفاظ بحساب مقرر حذفه"
    case .registerTitle: "إنشاء حساب"
    case .registerLead: "اختر اسم مستخدم وكلمة مرور لحسابك."
    case .registerSubmit: "إنشاء الحساب"
    case .registrationClosed: "لا يمكن إنشاء حسابات جديدة هنا في الوقت الحالي."
    case .invited: "لديك دعوة. اختر اسم مستخدم وكلمة مرور لحسابك."
    case .invitationVoid:
      "هذه الدعوة غير صالحة: رابطها ناقص أو أنها انتهت. اطلب دعوة جديدة ممن دعاك."
    case .invitationVoidOpen:
      "هذه الدعوة غير صالحة: رابطها ناقص أو أنها انتهت. اطلب دعوة جديدة ممن دعاك، أو أنشئ حسابًا من دونها."
    case .invitationLead: "إذا كان لديك رمز دعوة فأدخله هنا."
    case .invitationSubmit: "متابعة"
    case .signInInstead: "تسجيل الدخول بحساب موجود"
    case .commonPasswordRule: "لا تُقبل كلمات المرور الشائعة جدًا."
    case .termsAgreement: "بإنشاء الحساب توافق على شروط الاستخدام."
    case .signOutTitle: "تسجيل الخروج"
    case .signOutLead: "ستحتاج إلى كلمة المرور لتسجيل الدخول من جديد."
    case .signOutSubmit: "تسجيل الخروج"
    case .verifyTitle: "إدخال كلمة المرور مرة أخرى"
    case .verifyLead: "مضى وقت على إدخال كلمة المرور. أدخلها مرة أخرى للمتابعة."
    case .verifySubmit: "متابعة"
    case .changeUsernameTitle: "تغيير اسم المستخدم"
    case .changeUsernameLead: "ستسجّل الدخول بعد ذلك بالاسم الجديد. وستنتهي جلساتك الأخرى."
    case .changeUsernameSubmit: "تغيير الاسم"
    case .changePasswordTitle: "تغيير كلمة المرور"
    case .changePasswordLead: "ستنتهي جلساتك الأخرى، وتبقى هذه الجلسة وحدها مفتوحة."
    case .changePasswordSubmit: "تغيير كلمة المرور"
    case .sessionsTitle: "أماكن تسجيل الدخول"
    case .sessionsLead: "يمثّل كل سطر متصفحًا أو برنامجًا سُجّل الدخول منه إلى حسابك."
    case .sessionTitle: "الجلسة"
    case .thisSession: "هذا المتصفح"
    case .sessionEnded: "منتهية"
    case .sessionAlive: "مفتوحة"
    case .unknownDevice: "برنامج غير معروف"
    case .browserOnSystem: "{browser} على {system}"
    case .device: "البرنامج"
    case .address: "العنوان"
    case .began: "بدأت"
    case .lastUsed: "آخر استخدام"
    case .endsAt: "تنتهي"
    case .endedAt: "انتهت"
    case .state: "الحالة"
    case .endSessionTitle: "إنهاء هذه الجلسة"
    case .endSessionLead: "سيُسجَّل خروج المتصفح أو البرنامج فورًا."
    case .endSessionSubmit: "إنهاء الجلسة"
    case .endAllTitle: "إنهاء الجلسات"
    case .endAllLead: "افعل ذلك إذا نسيت تسجيل الخروج في مكان ما، أو إذا بدا لك شيء ما غريبًا."
    case .endAllSubmit: "إنهاء الجلسات"
    case .scopeOthers: "كل الجلسات الأخرى؛ وتبقى جلسة هذا المتصفح مفتوحة"
    case .scopeAll: "كل الجلسات، وتصبح كل رموز الاستعادة غير صالحة"
    case .profilesTitle: "ملفاتك الشخصية"
    case .profilesLead: "الملف الشخصي هو ما يعرفه هذا الموقع عنك."
    case .noProfiles: "ليس لديك ملف شخصي بعد."
    case .profileTitle: "الملف الشخصي"
    case .defaultProfile: "قيد الاستخدام"
    case .createProfileTitle: "إضافة ملف شخصي"
    case .createProfileSubmit: "إضافة الملف الشخصي"
    case .editProfileTitle: "تعديل هذا الملف الشخصي"
    case .editProfileSubmit: "حفظ"
    case .setDefaultTitle: "استخدام هذا الملف الشخصي"
    case .setDefaultLead: "سيُستخدم هذا الملف الشخصي من الآن فصاعدًا."
    case .setDefaultSubmit: "استخدام هذا الملف الشخصي"
    case .deleteProfileTitle: "إزالة هذا الملف الشخصي"
    case .deleteProfileLead: "سيُزال محتواه نهائيًا."
    case .deleteProfileSubmit: "إزالة الملف الشخصي"
    case .defaultStays: "لا يمكن إزالة الملف الشخصي الذي قيد الاستخدام. استخدم ملفًا آخر أولًا."
    case .resetCodesTitle: "رموز الاستعادة"
    case .resetCodesLead:
      "يتيح لك رمز الاستعادة تعيين كلمة مرور جديدة إذا نسيت كلمة المرور. يُستخدم كل رمز مرة واحدة فقط. احتفظ به كما تحتفظ بالمفتاح."
    case .noResetCodes: "ليس لديك أي رمز استعادة. ومن دونه لا يمكن هنا استبدال كلمة المرور إذا نسيتها."
    case .resetCodeTitle: "رمز الاستعادة"
    case .resetCodeMade: "تاريخ الإنشاء"
    case .byAdministrator: "أنشأه أحد المشرفين"
    case .createResetCodeTitle: "إنشاء رمز استعادة"
    case .createResetCodeLead: "استخدم الرمز أدناه، أو اكتب رمزًا من اختيارك. لا يظهر إلا الآن."
    case .createResetCodeSubmit: "إنشاء الرمز"
    case .resetCodeShownTitle: "رمز الاستعادة الخاص بك"
    case .resetCodeShownLead: "دوّنه أو اطبع هذه الصفحة، واحتفظ به في مكان آمن. لن يظهر مرة أخرى."
    case .resetCodeAlreadyMade: "سبق إنشاء هذا الرمز. لن يظهر مرة أخرى."
    case .deleteResetCodeTitle: "إزالة رمز الاستعادة هذا"
    case .deleteResetCodeLead: "لن يعود الرمز صالحًا بعد ذلك."
    case .deleteResetCodeSubmit: "إزالة الرمز"
    case .resetAccountTitle: "نسيان كلمة المرور"
    case .resetAccountLead:
      "عيّن كلمة مرور جديدة باستخدام أحد رموز الاستعادة لديك. إن لم يكن لديك رمز، فاطلب رمزًا من القائمين على هذا الموقع."
    case .resetAccountSubmit: "تعيين كلمة المرور الجديدة"
    case .deleteAccountTitle: "حذف حسابك"
    case .deleteAccountLead:
      "سيُسجَّل خروجك من كل مكان فورًا. وبعد {days} سيُزال الحساب وكل ما فيه نهائيًا. وحتى ذلك الحين يمكنك الاحتفاظ به."
    case .deleteAccountAtOnceLead: "سيُسجَّل خروجك من كل مكان، وسيُزال الحساب وكل ما فيه نهائيًا."
    case .deleteAccountSubmit: "حذف الحساب"
    case .deletedTitle: "سيُحذف حسابك"
    case .deletedUntil: "سيُزال نهائيًا في {time}."
    case .deletedAtOnceTitle:
      "تم حذف حسابك"
    case .deletedAtOnce:
      "أُزيل الحساب وكل ما كان فيه نهائيًا."
    case .deletedCancel: "للاحتفاظ به، استخدم الصفحة أدناه قبل ذلك."
    case .restoreTitle: "الاحتفاظ بحسابك"
    case .restoreLead: "إذا كان من المقرر حذف حسابك، فيمكنك إيقاف ذلك هنا."
    case .restoreSubmit: "الاحتفاظ بالحساب"
    case .frontTitle: "أهلًا وسهلًا"
    case .frontAPI: "واجهة برمجة التطبيقات لهذا الخادم"
    case .newer: "الأحدث"
    case .older: "أقدم"
    case .back: "رجوع"
    case .optional: "اختياري"
    case .lengthBetween: "عدد الأحرف من {least} إلى {most}"
    case .lengthLeast: "عدد الأحرف {least} على الأقل"
    case .skip: "الانتقال إلى المحتوى"
    case .siteNavigation: "الموقع"
    case .languageLabel: "اللغة"
    case .terms: "شروط الاستخدام"
    case .privacy: "الخصوصية"
    case .problem: "هناك مشكلة"
    case .errorPrefix: "خطأ: "
    case .problemMissing: "املأ حقل «{field}»."
    case .problemLength: "يجب أن يكون {length}."
    case .problemCharacters: "يحتوي النص على أحرف لا يمكن كتابتها أو رؤيتها، مثل فاصل الأسطر. اكتبه من جديد."
    case .problemUnknownUsername: "لا يوجد حساب باسم المستخدم هذا. تحقق من كتابته."
    case .problemWrongPassword: "ليست هذه كلمة مرور الحساب."
    case .problemCredentials: "لا يتوافق اسم المستخدم مع كلمة المرور."
    case .problemTaken: "اسم المستخدم هذا محجوز. اختر اسمًا آخر."
    case .problemCommon: "كلمة المرور هذه من أول ما يجرّبه الغرباء. اختر غيرها."
    case .problemTooMany: "محاولات كثيرة جدًا. حاول مرة أخرى بعد {time}."
    case .problemDeleted:
      "سيُحذف هذا الحساب. للاحتفاظ به، استخدم الرابط الموجود أسفل النموذج."
    case .problemNotDeleted: "ليس من المقرر حذف هذا الحساب، أو فات الأوان. حاول تسجيل الدخول."
    case .problemDeletedByOther: "القائمون على هذا الموقع هم من يحذفون هذا الحساب. تواصل معهم."
    case .problemSuspended: "هذا الحساب موقوف. تواصل مع القائمين على هذا الموقع."
    case .problemSuspendedDeletion:
      "هذا الحساب موقوف. يستمر الحذف المقرر. تواصل مع القائمين على هذا الموقع."
    case .problemOwner: "أنت مالك هذا الموقع، وفيه حسابات أخرى. انقل الملكية إلى حساب آخر أولًا."
    case .problemClosed: "لا يمكن إنشاء حسابات جديدة هنا في الوقت الحالي."
    case .problemSetupCode: "ليس هذا رمز الإعداد. تجده في إعدادات الخادم."
    case .problemInvitation: "لم تعد هذه الدعوة صالحة."
    case .problemProfileField: "تحقق مما كتبته."
    case .problemTooManyProfiles:
      "بلغت أقصى عدد من الملفات الشخصية يسمح به هذا الموقع. أزل واحدًا منها أولًا."
    case .problemDefaultProfile: "لا يمكن إزالة الملف الشخصي الذي قيد الاستخدام. استخدم ملفًا آخر أولًا."
    case .problemCodeForm: "يتكون الرمز من حروف وأرقام."
    case .problemUnusableCode: "لا يصلح هذا الرمز لهذا الحساب. يُستخدم كل رمز مرة واحدة فقط."
    case .problemGone: "هذا العنصر لم يعد موجودًا."
    case .problemRemember: "اختر مدة إبقاء الجلسة مفتوحة."
    case .problemStaleForm: "بقي هذا النموذج مفتوحًا مدة أطول من اللازم. راجعه وأرسله من جديد."
    case .problemBusy: "الخادم مشغول. حاول مرة أخرى بعد قليل."
    case .problemBusyForm:
      "الخادم مشغول. انتظر قليلًا ثم أعد تحميل هذه الصفحة، فيُرسل نموذجك من جديد."
    case .problemStorage: "لا يستطيع الخادم حفظ أي شيء الآن. لم يتغير شيء. حاول لاحقًا."
    case .problemOrigin:
      "أُرسل هذا النموذج من موقع آخر، أو أن متصفحك يخفي مصدره. افتح الصفحة هنا وأرسله من جديد."
    case .problemForm: "لم يصل النموذج كما ينبغي. ارجع وأرسله من جديد."
    case .problemTooLong: "أرسلت أكثر مما تقبله هذه الصفحة."
    case .problemUnknown: "حدث خطأ هنا، وسجّله الخادم. حاول لاحقًا."
    case .problemAdministrator: "هذه الصفحة للمشرفين."
    case .problemNotYours: "هذا العنصر يخص حسابًا آخر."
    case .notFoundTitle: "هذه الصفحة غير موجودة"
    case .notFoundText: "تحقق من العنوان، أو اذهب إلى حسابك."
    case .refusedTitle: "تعذّر تنفيذ ذلك"
    case .outOfServiceTitle: "الحسابات خارج الخدمة"
    case .outOfServiceText:
      "لا يمكن قراءة شيء أو تغييره هنا الآن. حاول لاحقًا. السبب مذكور في سجل الخادم."
    case .noticeRegistered: "أهلًا بك! حسابك جاهز وقد تم تسجيل دخولك."
    case .noticeAccountMade:
      "حسابك جاهز. سجّل الدخول."
    case .noticeSignedOut: "تم تسجيل خروجك."
    case .noticeSessionOver: "تم تسجيل خروجك في هذه الأثناء. سجّل الدخول ثم املأ النموذج من جديد."
    case .noticeSignInFirst: "سجّل الدخول للمتابعة."
    case .noticeUsernameChanged: "تم تغيير اسم المستخدم."
    case .noticePasswordChanged: "تم تغيير كلمة المرور."
    case .noticePasswordReset: "تم تعيين كلمة المرور الجديدة. سجّل الدخول بها."
    case .noticeSessionEnded: "انتهت الجلسة."
    case .noticeSessionsEnded: "انتهت الجلسات الأخرى."
    case .noticeProfileSaved: "تم حفظ الملف الشخصي."
    case .noticeProfileRemoved: "تمت إزالة الملف الشخصي."
    case .noticeProfileUsed: "سيُستخدم هذا الملف الشخصي من الآن فصاعدًا."
    case .noticeCodeRemoved: "تمت إزالة رمز الاستعادة."
    case .noticeRestored: "تم الاحتفاظ بحسابك. سجّل الدخول."
    }
  }
}
