//! Code lists that the lint compares with. Sources: GB/T 39046—2020 annex A; the lists of platforms built on the
//! national sharing schema; topics of 国办函〔2016〕108号.

/// 事项类型, GB/T 39046 A.1, those that people apply for.
pub(super) const TASK_TYPES: &[&str] = &["01", "05", "07", "08", "09", "10", "20"];

/// 权力来源.
pub(super) const POWER_SOURCES: &[&str] = &["1", "2", "3", "4", "5", "6"];

/// 自然人主题.
pub(super) const PERSON_TOPICS: &[&str] = &[
    "生育收养",
    "户籍办理",
    "民族宗教",
    "教育科研",
    "入伍服役",
    "就业创业",
    "设立变更",
    "准营准办",
    "抵押质押",
    "职业资格",
    "行政缴费",
    "婚姻登记",
    "优待抚恤",
    "规划建设",
    "住房保障",
    "社会保障",
    "证件办理",
    "交通出行",
    "旅游观光",
    "出境入境",
    "消费维权",
    "公共安全",
    "司法公证",
    "知识产权",
    "环保绿化",
    "文化体育",
    "公用事业",
    "医疗卫生",
    "离职退休",
    "死亡殡葬",
    "其他",
];

/// 法人主题.
pub(super) const CORPORATE_TOPICS: &[&str] = &[
    "设立变更",
    "准营准办",
    "资质认证",
    "年检年审",
    "税收财务",
    "人力资源",
    "社会保障",
    "投资审批",
    "融资信贷",
    "抵押质押",
    "商务贸易",
    "招标拍卖",
    "海关口岸",
    "涉外服务",
    "农林牧渔",
    "国土和规划建设",
    "交通运输",
    "环保绿化",
    "应急管理",
    "医疗卫生",
    "科技创新",
    "文体教育",
    "知识产权",
    "民族宗教",
    "质量技术",
    "检验检疫",
    "安全生产",
    "公安消防",
    "司法公证",
    "公用事业",
    "法人注销",
    "档案文物",
    "水务气象",
    "其他",
];

/// File types of uploads.
pub(super) const FORMATS: &[&str] = &["pdf", "jpg", "png"];

/// 网上办理深度 from which the whole matter is done online (互联网办理).
pub(super) const FULL_ONLINE_DEPTH: u8 = 5;
