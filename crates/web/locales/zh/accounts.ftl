# 登录、注册、个人中心。

accounts-sign-in-title = 登录一窗
accounts-login = 账号
accounts-login-hint = 手机号或注册时取的账号名
accounts-login-new = 手机号，或 3 至 40 位字母、数字
accounts-password = 密码
accounts-password-hint = 至少 8 个字符，可以用一句好记的话
accounts-no-account = 还没有账号？
accounts-have-account = 已有账号？
accounts-sign-up = 注册
accounts-sign-up-title = 注册账号
accounts-sign-up-lead = 一个账号办个人和公司的所有事。
accounts-help = 不方便上网，可带身份证到任一窗口，由工作人员帮您办。
accounts-demo-title = 用演示账号试一试
accounts-demo-text = 点一下就填好账号和密码，再点“登录”。
accounts-name = 姓名
accounts-name-hint = 与身份证上的一致；少数民族姓名中的点请用“·”

accounts-me = 个人中心
accounts-me-account = 我的账号
accounts-me-more = 更多
accounts-identity = 实名认证
accounts-proved = 已实名
accounts-unproved = 未实名
accounts-proved-how = { $how ->
    [window] 窗口核验，{ $code }
    [demo] 演示认证，{ $code }
    [provider] 统一身份认证，{ $code }
   *[other] { $code }
  }
accounts-prove = 实名认证
accounts-acts-for = 我可以代表的单位
accounts-acts-none = 登记库中没有以您为法定代表人、负责人或经营者的单位。
accounts-acts-source = 取自市场主体登记库，登记变更后自动更新。
accounts-link-cases = 进度和要补的材料
accounts-link-licences = 已经取得的电子证照
accounts-link-messages = 受理、补正、决定的通知
accounts-link-access = 每一次查看都有记录
accounts-link-display = 语言、字号、对比度

accounts-kind-person = 个人
accounts-kind-enterprise = 企业
accounts-kind-individual-business = 个体工商户
accounts-kind-organisation = 社会组织、事业单位
accounts-party-name = 名称
accounts-party-kind = 类型
accounts-party-code = 证件号码

accounts-passkeys = 通行密钥
accounts-passkeys-lead = 用指纹、面容或锁屏密码登录，不用记密码，也骗不走。
accounts-passkey = 通行密钥
accounts-passkey-sign-in = 用通行密钥登录
accounts-passkey-cancelled = 没有完成：可能已取消，或这台设备上没有您的通行密钥。可以再试，或用密码登录。
accounts-passkey-add = 添加通行密钥
accounts-passkey-name = 名称
accounts-passkey-name-hint = 方便您认出是哪台设备
accounts-passkey-default = 这台设备
accounts-passkey-none = 添加通行密钥需要支持它的浏览器，并启用脚本；没有也可以一直用密码登录。
accounts-passkey-stale = 为了安全，添加前请重新登录一次。
accounts-sign-in-again = 退出并重新登录
accounts-passkey-used = 上次使用 { $when }
accounts-passkey-unused = { $when }添加，还没用过
accounts-passkey-never = 还没用过
accounts-passkey-added-at = 添加时间
accounts-passkey-used-at = 上次使用
accounts-passkey-rename = 保存名称
accounts-passkey-remove = 移除
accounts-passkey-remove-text = 移除后不能再用它登录。设备里保存的那一份，请在设备的密码管理中删除。
accounts-passkey-stopped = 已停用
accounts-passkey-stopped-text = 它的计数倒退过，可能被复制。请移除它，再添加新的。

accounts-providers = 统一身份认证
accounts-provider-sign-in = 用{ $name }登录
accounts-provider-prove = 用{ $name }认证
accounts-provider-unbound = 绑定后可以用它登录
accounts-provider-since = { $date }绑定
accounts-provider-bind = 绑定
accounts-provider-unbind = 解除绑定
accounts-leaving = 前往统一身份认证
accounts-leaving-text = 接下来在{ $name }登录，成功后会回到这里并完成绑定。
accounts-leaving-go = 去{ $name }
accounts-unproved-unknown = 认证平台给出的姓名和号码与人口库不一致，请带身份证到窗口办理。
accounts-unproved-elsewhere = 您的身份已经绑定了另一个账号，请用那个账号登录，或带身份证到窗口处理。

accounts-identity-title = 实名认证
accounts-identity-lead = 认证一次，以后办事不再填个人信息。
accounts-code = 公民身份号码
accounts-code-hint = 18 位，最后一位可能是 X
accounts-proved-title = 已完成实名认证
accounts-proved-text = { $name }，{ $code }
accounts-go-on = 继续
accounts-window-title = 到窗口认证
accounts-window-text = 请带身份证到任一政务服务窗口，工作人员核对本人后当场完成，不收费。也可以先打电话问清地点和时间。
accounts-window-also = 也可以带身份证到任一窗口认证。
accounts-why-title = 认证以后
accounts-why-1 = 表格自动带出已登记的信息
accounts-why-2 = 查看自己和所代表单位的办件、证照
accounts-why-3 = 谁看过您的信息，都有记录可查

accounts-access-lead = 工作人员每次查看您和您代表的单位的办件、证照都会留下记录，证照被用于代替材料、出示、分享和被其他系统调取也会记下。这里是最近的 200 次。
accounts-access-when = 时间
accounts-access-who = 单位
accounts-access-what = 查看内容
accounts-access-case = 办件
accounts-access-document = 文书，办件
accounts-access-licence = 证照
accounts-access-reset = 到窗口重设密码
accounts-access-system = 系统
accounts-access-window = 综合窗口
accounts-access-link = 持有分享链接的人
accounts-access-person = 个人账号（{ $name }）
accounts-access-none = 还没有人看过您的信息
accounts-access-none-text = 有工作人员查看时，会在这里记下时间、单位和原因。

accounts-reset-link = 忘记密码
accounts-reset-title = 重设密码
accounts-reset-lead = 密码只能由您本人重设：先到窗口领重设码，再在这里设新密码。
accounts-reset-code = 重设码
accounts-reset-code-hint = 窗口交给您的 10 位字母和数字，不分大小写
accounts-reset-password = 新密码
accounts-reset-go = 设为新密码
accounts-reset-done = 新密码已设好
accounts-reset-done-text = 所有设备上的登录都已退出，请用新密码登录。
accounts-reset-how = 怎样领取重设码
accounts-reset-step = { $step ->
    [1] 带身份证原件到任一政务服务窗口
    [2] 工作人员核对本人和证件，当场交给您一张写有账号名和重设码的单子
   *[3] 在有效期内回到这里设新密码；重设码只能用一次
  }
accounts-reset-return = 想起来了？
