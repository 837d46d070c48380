//! Topics of the national lists 自然人主题、法人主题 (国办函〔2016〕108号), with their English names and pictures.

use crate::i18n::T;
use crate::kit::Icon;
use domain::text::Lang;

/// Whose list a topic stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// 自然人主题.
    Person,
    /// 法人主题.
    Company,
    /// In both.
    Both,
}

/// A topic.
#[derive(Debug, Clone, Copy)]
pub struct Topic {
    /// Chinese name, which is also its key in the catalogue.
    pub zh: &'static str,
    /// The same in people's words, for the home page: 生儿育女.
    pub plain: &'static str,
    /// English name.
    pub en: &'static str,
    /// Picture.
    pub icon: Icon,
    /// Whose.
    pub audience: Audience,
}

const fn row(zh: &'static str, plain: &'static str, en: &'static str, icon: Icon, audience: Audience) -> Topic {
    Topic { zh, plain, en, icon, audience }
}

use Audience::{Both, Company, Person};

const TOPICS: &[Topic] = &[
    row("生育收养", "生儿育女", "Birth and adoption", Icon::Baby, Person),
    row("户籍办理", "户口", "Household registration", Icon::User, Person),
    row("民族宗教", "民族宗教", "Ethnic and religious affairs", Icon::Globe, Both),
    row("教育科研", "上学", "Education and research", Icon::School, Person),
    row("入伍服役", "当兵", "Military service", Icon::ShieldCheck, Person),
    row("就业创业", "找工作创业", "Work and starting up", Icon::Briefcase, Person),
    row("设立变更", "开业变更", "Starting and changing a business", Icon::Shop, Both),
    row("准营准办", "开店办证", "Licences to operate", Icon::Stamp, Both),
    row("抵押质押", "抵押", "Mortgages and pledges", Icon::Key, Both),
    row("职业资格", "职业资格", "Professions", Icon::Pledge, Person),
    row("行政缴费", "交税交费", "Fees and taxes", Icon::Coin, Person),
    row("婚姻登记", "结婚", "Marriage", Icon::Rings, Person),
    row("优待抚恤", "津贴、优抚", "Allowances", Icon::Cane, Person),
    row("规划建设", "盖房、装修", "Planning and building", Icon::Crane, Person),
    row("住房保障", "住房公积金", "Housing and housing fund", Icon::Home, Person),
    row("社会保障", "社保", "Social security", Icon::ShieldCheck, Both),
    row("证件办理", "证件", "Identity documents", Icon::Card, Person),
    row("交通出行", "出行、车辆", "Transport", Icon::Car, Person),
    row("旅游观光", "旅游观光", "Travel", Icon::Pin, Person),
    row("出境入境", "出入境", "Entry and exit", Icon::Globe, Person),
    row("消费维权", "消费维权", "Consumer rights", Icon::Scale, Person),
    row("公共安全", "公共安全", "Public safety", Icon::Alert, Person),
    row("司法公证", "司法公证", "Justice and notaries", Icon::Scale, Both),
    row("知识产权", "知识产权", "Intellectual property", Icon::Pledge, Both),
    row("环保绿化", "环保、绿化", "Environment", Icon::Leaf, Both),
    row("文化体育", "文化体育", "Culture and sport", Icon::List, Person),
    row("公用事业", "公用事业", "Utilities", Icon::Bolt, Both),
    row("医疗卫生", "看病、医保", "Health", Icon::Heart, Both),
    row("离职退休", "退休", "Retirement", Icon::Cane, Person),
    row("死亡殡葬", "身后事", "Death and funerals", Icon::Leaf, Person),
    row("资质认证", "资质", "Qualifications", Icon::Pledge, Company),
    row("年检年审", "年检年审", "Annual inspection", Icon::Calendar, Company),
    row("税收财务", "税务", "Tax and accounts", Icon::Coin, Company),
    row("人力资源", "用人", "Staff", Icon::Queue, Company),
    row("投资审批", "上项目", "Investment projects", Icon::Chart, Company),
    row("融资信贷", "融资信贷", "Finance", Icon::Coin, Company),
    row("商务贸易", "商务贸易", "Trade", Icon::Shop, Company),
    row("招标拍卖", "招标拍卖", "Tenders and auctions", Icon::List, Company),
    row("海关口岸", "海关口岸", "Customs", Icon::Globe, Company),
    row("涉外服务", "涉外服务", "Foreign affairs", Icon::Globe, Company),
    row("农林牧渔", "农业、农资", "Farming, forestry, fishing", Icon::Leaf, Company),
    row("国土和规划建设", "用地、盖楼", "Land, planning and building", Icon::Crane, Company),
    row("交通运输", "交通运输", "Transport", Icon::Car, Company),
    row("应急管理", "应急管理", "Emergency management", Icon::Alert, Company),
    row("科技创新", "科技创新", "Technology", Icon::Bolt, Company),
    row("文体教育", "书店、文化", "Culture, sport and education", Icon::Book, Company),
    row("质量技术", "质量技术", "Quality and standards", Icon::Scale, Company),
    row("检验检疫", "检验检疫", "Inspection and quarantine", Icon::FileCheck, Company),
    row("安全生产", "安全生产", "Safety at work", Icon::Alert, Company),
    row("公安消防", "刻章、消防", "Seals, police and fire safety", Icon::Stamp, Company),
    row("法人注销", "关店注销", "Closing a business", Icon::Return, Company),
    row("档案文物", "档案文物", "Archives and monuments", Icon::Folder, Company),
    row("水务气象", "用水", "Water and weather", Icon::Drop, Company),
    row("其他", "其他", "Other", Icon::List, Both),
];

/// The topic with this Chinese name.
pub fn topic(zh: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|topic| topic.zh == zh)
}

impl Topic {
    /// Its name in people's words.
    pub fn plain(&self, t: T) -> &'static str {
        match t.lang() {
            Lang::Zh => self.plain,
            Lang::En => self.en,
        }
    }

    /// Its name in this language.
    pub fn name(&self, t: T) -> &'static str {
        match t.lang() {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }
}

/// A tile that leads to the matters of a topic.
#[derive(Debug, Clone)]
pub struct TopicTile {
    /// Words.
    pub name: String,
    /// Address.
    pub href: String,
    /// Picture.
    pub icon: Icon,
    /// How many matters.
    pub count: i64,
}

/// Tiles of one audience, the fullest topic first; for people, topics of both audiences come after their own. At most
/// `most`. `counts` holds topic names with the number of matters that this audience may apply for; names that no list
/// has are left out.
pub fn tiles(t: T, audience: Audience, counts: &[(String, i64)], most: usize) -> Vec<TopicTile> {
    let word = if audience == Audience::Person { "person" } else { "company" };
    let mut found: Vec<_> = counts.iter().filter_map(|(name, count)| Some((topic(name)?, *count))).collect();
    found.retain(|(topic, count)| *count > 0 && (topic.audience == audience || topic.audience == Audience::Both));
    // Topics of both are mostly about shops and companies, so people find their own ones first.
    let later = |topic: &Topic| audience == Audience::Person && topic.audience == Audience::Both;
    found.sort_by_key(|(topic, count)| (later(topic), std::cmp::Reverse(*count), topic.zh));
    let tile = |(topic, count): (&Topic, i64)| TopicTile {
        name: topic.plain(t).to_owned(),
        href: format!("/matters?for={word}&topic={}", encode(topic.zh)),
        icon: topic.icon,
        count,
    };
    found.into_iter().take(most).map(tile).collect()
}

/// Percent-encodes a query value.
fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_show_what_there_is_fullest_first() {
        let counts =
            [("准营准办".to_owned(), 3), ("投资审批".to_owned(), 5), ("生育收养".to_owned(), 9), ("无".to_owned(), 1)];
        let tiles = tiles(T::new(Lang::En), Audience::Company, &counts, 8);
        let names: Vec<_> = tiles.iter().map(|tile| tile.name.as_str()).collect();
        assert_eq!(names, ["Investment projects", "Licences to operate"]);
        assert_eq!(tiles[0].href, "/matters?for=company&topic=%E6%8A%95%E8%B5%84%E5%AE%A1%E6%89%B9");
    }

    #[test]
    fn no_topic_stands_twice() {
        for (index, topic) in TOPICS.iter().enumerate() {
            assert!(TOPICS.iter().skip(index + 1).all(|other| other.zh != topic.zh), "{}", topic.zh);
        }
    }
}
