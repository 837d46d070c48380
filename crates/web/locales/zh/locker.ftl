# 文件柜：存件、取件、代取。

locker-title = 我的存取件
locker-lead = 24 小时文件柜：取办件结果，或存入需要核验的原件。可以委托他人代取。
locker-none = 没有存取件
locker-none-text = 结果放入文件柜后会通知您，并显示在这里。
locker-way = { $way ->
    [out] 取结果
   *[in] 存原件
  }
locker-state = { $state ->
    [reserved] 已留柜格
    [stored] 在柜内
    [overdue] 超期
    [taken] 已取走
    [cleared] 已取回窗口
   *[lapsed] 未存入
  }
locker-cell = { $cell } 号柜格
locker-until = 存放至 { $time }
locker-reserve-until = 请在 { $time } 前存入
locker-taken-by = { $who ->
    [recipient] 本人取走
    [proxy] 代取人取走
   *[depositor] 已存入
  }
locker-code = 取件码（只显示这一次）
locker-code-deposit = 存件码（只显示这一次）
locker-code-text = 在文件柜屏幕输入，柜门自动打开。请勿告诉无关的人。
locker-code-proxy = 代取码，请只告诉 { $name }
locker-get-code = 生成取件码
locker-new-code = 再次生成会使之前的取件码失效。
locker-proxy = 代取人姓名
locker-proxy-go = 同意代取并生成代取码
locker-proxy-off = 撤回代取
locker-deposit-title = 存入原件
locker-deposit-lead = 为在办的办件留一个柜格，在规定时间内存入。
locker-case = 办件编号
locker-place = 文件柜
locker-deposit-go = 留柜格
locker-open-title = 存取件
locker-open-lead = 请输入十位存件码或取件码。
locker-open-code = 存取件码
locker-open-go = 打开柜门
locker-opened = { $cell } 号柜门已打开
locker-opened-in = 请放入物品并关好柜门。
locker-opened-out = 请取走物品并关好柜门。
locker-tile-text = 用存取件码打开柜门
locker-desk = 文件柜
locker-desk-lead = 放入办件结果，取出群众存入的原件，处理超期和故障柜格。每一步都记入日志。
locker-desk-none = 柜内没有物品
locker-desk-clear = 取回窗口
locker-desk-reason = 原因
locker-desk-used = { $used } / { $cells } 格在用
