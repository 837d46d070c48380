# 自助终端：登记、终端上的页面、手机扫码登录、值守。

kiosk-title = 自助终端
kiosk-bar = 终端按钮
kiosk-home = 首页
kiosk-help = 呼叫帮助
kiosk-end = 结束
kiosk-end-name = 结束（{ $name }）
kiosk-idle-title = 您还在吗？
kiosk-idle-text = 为保护您的信息，无人操作时将自动退出并清除本机上的全部内容。
kiosk-idle-seconds = 秒后退出
kiosk-idle-stay = 我还在，继续办理
kiosk-lead = 请选择要办的业务。办完请按“结束”，本机不留下任何内容。
kiosk-signed-in = 已登录：{ $name }
kiosk-matters = 办事
kiosk-matters-text = 本机可办的事项，查找全部事项
kiosk-ticket = 取号
kiosk-ticket-text = 取一个排队号
kiosk-track = 查进度
kiosk-track-text = 凭办件编号查询
kiosk-licences = 证照打印
kiosk-licences-text = 登录后打印本人证照
kiosk-cases = 我的办件
kiosk-cases-text = 登录后查看、补正和打印回执
kiosk-help-text = 呼叫工作人员，报告设备故障
kiosk-sign-in = 登录
kiosk-no-printer = 本机暂时不能打印：打印机缺纸或有故障，工作人员已收到通知。您可以在手机上保存，或到窗口打印。
kiosk-unknown = 这台设备没有登记
kiosk-unknown-text = 只有登记过的设备才能作为终端使用。请管理员在“终端值守”页登记，把登记码输入这里。
kiosk-code = 登记码
kiosk-code-hint = 十位字母和数字，只能用一次。
kiosk-enrol = 登记这台设备
kiosk-enrol-failed = 浏览器没能生成密钥。请用 HTTPS 打开本页，并检查浏览器版本。
kiosk-enrol-script = 登记需要打开脚本：设备的密钥由浏览器生成，不离开本机。
kiosk-connected = 设备已连接
kiosk-connected-text = { $name }已登记为“{ $kind }”，通过设备接口报告状态。
kiosk-services = 打印和查询
kiosk-standard = 标准清单
kiosk-local = 本场所特色清单
kiosk-all-matters = 查找全部事项
kiosk-matters-title = 本机可办的事项
kiosk-ticket-title = 取号
kiosk-ticket-lead = 请选择办事专区。
kiosk-ticket-print = 打印号票
kiosk-ticket-keep = 请记住您的号，或打印号票；屏幕和语音会叫到它。
kiosk-ticket-at = 取号时间 { $time }
kiosk-track-title = 查办件进度
kiosk-track-number = 办件编号
kiosk-track-number-hint = 在受理单或回执上。
kiosk-track-tail = 申请人证件号码后四位
kiosk-track-tail-hint = 公司填统一社会信用代码后四位。
kiosk-track-go = 查询
kiosk-track-state = 状态
kiosk-track-received = 收件时间
kiosk-track-due = 办理期限
kiosk-track-paused = 现在不计时
kiosk-track-ended = 已办结
kiosk-track-matter = 事项
kiosk-phone-title = 用手机扫码登录
kiosk-phone-lead = 用手机扫描二维码，在手机上登录并确认。这里不用输入密码。
kiosk-phone-number = 两个屏幕应显示同一个数字
kiosk-phone-done = 我已在手机上确认
kiosk-phone-not-yet = 手机上还没有确认，或二维码已过期。请重新扫描。
kiosk-phone-other = 用账号密码登录
kiosk-phone-qr = 手机登录二维码
kiosk-phone-address = 也可以在手机浏览器中打开：
kiosk-at-title = 在自助终端登录
kiosk-at-text = 您将在下面这台终端上登录。请确认您就站在它前面，并核对数字。
kiosk-at-warning = 别人发给您的二维码不要确认：确认后，站在终端前的人就能以您的名义办事。
kiosk-at-place = 地点
kiosk-at-device = 终端
kiosk-at-number = 终端屏幕上的数字
kiosk-at-go = 确认登录
kiosk-at-done = 已在终端登录
kiosk-at-done-text = 请在终端上继续。办完后请按终端上的“结束”。
kiosk-at-gone = 二维码已过期或已用过
kiosk-at-gone-text = 请在终端上重新显示二维码，再扫一次。
kiosk-help-title = 帮助
kiosk-help-lead = 按下按钮，值守人员马上过来。
kiosk-help-call = 呼叫工作人员
kiosk-help-called = 已呼叫，工作人员马上过来。
kiosk-help-fault = 设备有问题？
kiosk-help-reported = 已报告，谢谢。
kiosk-print = 打印
kiosk-print-title = 打印证照
kiosk-print-text = 下面是带签名的 PDF 文件。打印结束后请取走纸张并按“结束”。
kiosk-print-frame = 证照 PDF
kiosk-print-open = 打开 PDF
kiosk-device = { $kind ->
    [kiosk] 自助终端
    [screen] 叫号屏
    [locker] 文件柜
   *[printer] 打印机
  }
kiosk-fault = { $kind ->
    [paper] 缺纸
    [printer] 打印故障
    [cell] 柜格故障
    [reader] 读卡故障
   *[other] 其他故障
  }
kiosk-fault-part = { $fault }（{ $part }）
kiosk-state = { $state ->
    [registered] 待登记
    [active] 在用
   *[revoked] 已停用
  }
kiosk-desk = 终端值守
kiosk-desk-lead = 各场所登记的终端、最后一次心跳和故障。失联、故障和呼叫会排在最前面。
kiosk-desk-trouble = 需要处理
kiosk-desk-calm = 全市没有需要处理的终端
kiosk-desk-place = 场所
kiosk-desk-show = 查看
kiosk-desk-none = 这个场所没有登记的终端
kiosk-desk-seen = 最后心跳 { $time }
kiosk-desk-never = 还没有连接
kiosk-desk-silent = 失联
kiosk-desk-heard = 正常
kiosk-desk-calling = { $time } 起呼叫工作人员
kiosk-desk-came = 已到场
kiosk-desk-mended = 已修复
kiosk-desk-since = { $fault }，{ $time } 起
kiosk-desk-add = 登记一台设备
kiosk-desk-kind = 类型
kiosk-desk-name = 名称
kiosk-desk-name-hint = 值守人员看到的名称，例如“东门一号机”。
kiosk-desk-terminal = 对应清单中的终端
kiosk-desk-terminal-none = 不在清单中
kiosk-desk-go = 登记
kiosk-desk-code = 登记码（只显示这一次）
kiosk-desk-code-text = 在设备的浏览器中打开 /kiosk 输入。{ $minutes } 分钟内有效，只能用一次。
kiosk-desk-new-code = 重新发码
kiosk-desk-revoke = 停用
kiosk-desk-reason = 停用原因
kiosk-desk-watch = { $n ->
    [0] 终端都正常
   *[other] { $n } 台终端需要处理
  }
