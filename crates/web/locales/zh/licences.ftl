# 我的证照与公开查验。

licences-lead = 与纸质证照具有同等效力，出示二维码即可查验。
licences-ended = 已失效的证照
licences-none = 还没有电子证照
licences-none-text = 办成的许可、备案会自动出现在这里。
licences-none-action = 去办事
licences-forever = 长期有效
licences-until = 有效期至 { $date }
licences-from-to = { $from } 至 { $to }
licences-from-on = { $from } 起长期有效
licences-facts = 证照信息
licences-kind = 证照名称
licences-number = 证照编号
licences-holder = 持证主体
licences-holder-code = 证件号码
licences-issuer = 颁发机构
licences-issued = 颁发日期
licences-validity = 有效期
licences-identifier = 证照标识
licences-qr-title = 证照查验二维码
licences-qr-text = 任何人用手机相机扫一扫，就能查验真伪和状态；没有网络时也能验签名。
licences-check = 查看公开查验页
licences-downloads = 下载证照文件
licences-pdf = PDF
licences-pdf-lt = PDF（长期保存）
licences-ofd = OFD
licences-svg = 图片
licences-file = 签名数据
licences-file-text = 这些文件都带签名或二维码，可以打印，也可以转交给需要的单位自行验证。

licences-public-title = 证照查验
licences-check-ok = 通过
licences-check-bad = 未通过
licences-checked-at = { $moment } 核验
licences-unknown = 未知
licences-unknown-text = 没有查到这份证照。请核对网址是否完整；如怀疑是假证，请拨打 12345。
licences-broken = 无法确认
licences-broken-text = 签名没有通过核验，请不要据此办事，并拨打 12345 反映。
licences-sentence = { $standing ->
    [valid] 这份证照由本市颁发，签名完整，目前有效。
    [future] 这份证照已颁发，还没有到生效日期。
    [expired] 这份证照已过有效期。
    [superseded] 这份证照已换发新证，请查验新证。
    [suspended] 这份证照已被依法暂扣，暂扣期间不得据此从事许可的活动。
    [revoked] 这份证照已被依法撤销，不再有效。
   *[other] 这份证照已依法注销，不再有效。
  }
licences-ended-on = 日期：{ $date }。
licences-suspended-until = 暂扣至 { $date } 止。
licences-deemed-public = 依照行政许可法第五十条视为准予延续：在作出决定以前继续有效，最迟至 { $date }。
licences-says = 证照内容
licences-masked = 个人信息已遮盖；持证人可以出示完整证照。
licences-checks = 核验了什么
licences-online = 查看当前状态
licences-genuine = 真实
licences-genuine-over = 真实，但不在有效期内
licences-genuine-valid = 真实有效
licences-genuine-unknown = 真实，现在是否有效未知
licences-genuine-suspended = 真实，但已被暂扣
licences-genuine-ended = 真实，但已失效
licences-genuine-superseded = 真实，但已换发新证
licences-as-of = 状态截至 { $moment }。
licences-as-of-unknown = 本机保存的状态清单截至 { $moment }，已经过期：现在是否有效未知，请联网后再查。
licences-no-list = 本机没有保存这份证照的状态清单：现在是否有效未知，请联网后再查。
licences-alone-title = 没有网络时查验
licences-alone-lead = 证照二维码的签名和状态在本机核验，不需要网络。
licences-alone-scan = 请用手机相机扫证照上的二维码打开网址；或把带 # 的完整网址粘贴在下面。没有 # 的网址需要联网才能查。
licences-alone-online = 联网查验
licences-false = 不真实
licences-unchecked = 没能核验
licences-false-text = 文件内容与签名不符，或者不是由受信任的机构签发。
licences-file-genuine = 文件真实完整，这是它目前的状态。
licences-file-elsewhere = 文件签名真实，但不是本市颁发的，请向颁发机构核实状态。
licences-qr-genuine = 二维码由颁发机构签名，内容没有改动。是否被撤销，请联网查看当前状态。
licences-qr-over = 二维码真实，但不在有效期内。
licences-qr-false = 二维码内容与签名不符，或者不是由受信任的机构签发。
licences-offline-title = 二维码签名（在本机核验）
licences-reason = { $reason ->
    [fine] 签名与内容相符，由受信任的机构签发。
    [over] 签名与内容相符，但今天不在有效期内。
    [unreadable] 二维码内容不完整或格式不对。
    [untrusted] 签发者不在受信任名单中。
    [signature] 签名与内容不符，内容可能被改动。
    [issuer] 颁发机构与签名者不一致。
    [date] 颁发日期不在签名证书的有效期内。
    [other] 二维码与本页的证照不是同一份。
   *[list] 暂时取不到受信任名单，请稍后再试。
  }

licences-look-up-title = 查验证照
licences-look-up-lead = 查一份证照是不是真的、现在还有没有效。不用登录。
licences-what = 二维码网址或证照文件内容
licences-what-hint = 扫码得到的网址，例如 https://…/v/…
licences-file-label = 或者选择证照文件
licences-file-hint = 持证人从证照页面下载的 PDF、OFD 或签名数据（.json）
licences-do-check = 查验
licences-how-title = 三种查法
licences-how-1 = 用手机相机扫证照上的二维码，直接打开结果
licences-how-2 = 上传对方给您的签名文件
licences-how-3 = 带 # 的网址在您的设备上核验，不会发送给我们
licences-roots = 下载根证书，自行核验
licences-deemed-title = 视为准予延续
licences-deemed-until = 在作出决定以前继续有效，最迟至 { $date }。
licences-renew-title = 延续
licences-renew = 申请延续
licences-renew-by = 请在 { $date } 以前提出。按时提出而到期仍没有作出决定的，视为准予延续（行政许可法第五十条）。
licences-renew-late = 法定的提出期限（{ $date }）已过，仍可以申请；但到期没有作出决定的，不视为准予延续。
licences-renew-text = 需要继续的，请在到期前提出（行政许可法第五十条）。上次填写的内容会带入新的申请。
licences-renew-under-way = 延续申请正在办理：
licences-days-left = 还有 { $n } 天到期
licences-life = 证照经历
licences-looks = 谁看过这张证照
licences-looks-none = 还没有工作人员看过。公开查验不显示完整信息，不计在内。
licences-looks-all = 查看全部记录

licences-share-title = 出示和分享
licences-share-lead = 不用交复印件：让对方在线看到这张证照，您随时知道谁看过。
licences-share-user = 给谁用
licences-share-user-hint = 使用单位或个人的全称，例如：海澜银行江城支行
licences-share-purpose = 用来做什么
licences-share-purpose-hint = 对方只能用于这个用途，例如：办理单位开户
licences-share-last = 链接最后一天
licences-share-last-hint = 只对分享链接有效，最长 90 天；用证码固定 5 分钟
licences-share-code = 生成用证码
licences-share-link = 生成分享链接
licences-share-copy = 下载加注件
licences-share-how = 三种方式
licences-share-how-code = 用证码：5 分钟内有效，只能用一次，只给写明的使用者
licences-share-how-link = 分享链接：到截止日前都能打开，您可以随时收回
licences-share-how-copy = 加注件：每页写明给谁、做什么用、哪天制作，不带签名，不是原件
licences-share-how-log = 每一次查看都有记录，在证照页“谁看过这张证照”里可以看到
licences-share-open = 正在进行的分享
licences-share-open-none = 目前没有可以使用的用证码或链接。
licences-share-until = 至 { $moment }
licences-share-withdraw = 收回
licences-share-once = 这里只显示这一次，离开本页后不能再次查看；需要时请重新生成。
licences-code = 用证码
licences-link = 分享链接
licences-code-done = 用证码已生成
licences-code-done-text = 请“{ $user }”在 { $until } 以前扫码或输入。
licences-link-done = 分享链接已生成
licences-link-done-text = 请发给“{ $user }”，{ $until } 以前可以打开。
licences-use-title = 核验用证码
licences-use-lead = 对方出示了用证码？在这里查看证照，不用收复印件。
licences-use-code-hint = 10 位字母和数字，不分大小写
licences-use-verifier = 使用者名称
licences-use-verifier-hint = 与持证人生成用证码时填写的名称一致
licences-use-go = 查看证照
licences-use-told = 查看会用掉这个用证码，并记入持证人的查看记录（时间、账号、用途）。
licences-use-how = 怎样使用
licences-use-stage = { $step ->
    [1] 请持证人写明您的单位和用途，生成用证码
    [2] 扫码或在 5 分钟内输入用证码和您的名称
   *[3] 查看证照；需要存档的，当场下载加注件
  }
licences-shown-title = 由持证人出示
licences-shown-text = 仅供“{ $user }”用于“{ $purpose }”，{ $until } 以前有效。不得用于其他用途。
licences-copies = 下载加注件
licences-copies-text = 加注件写明使用者、用途和日期，不带签名，不是证照原件；真伪和当前状态请以在线查验为准。
licences-share-open-page = 出示和分享
licences-use-how-word = { $how ->
    [material] 代替纸质材料，办件
    [code] 用证码
    [link] 分享链接
   *[fetch] 其他系统调取，办件
  }
licences-looked = 查看
licences-use-link = 对方出示了用证码？
licences-paper-source = 窗口核对过的纸质证照 { $number }
licences-paper-lead = 由窗口照您的纸质证照录入，并由另一位工作人员核对原件；没有本平台的签名和印章，请保管好原件。
