//! Where the services answer, by region: the tables of the official Python and Go SDKs, which agree.
//!
//! The hosts follow no rule (`.com`, `.cn` and `.eu` differ by service and region), so none is ever derived.

/// Region id, then the base URLs of DataArts Studio, DWS, MRS and IAM there; sorted by region.
#[rustfmt::skip]
pub(super) const ENDPOINTS: &[(&str, [Option<&str>; 4])] = &[
    ("ae-ad-1", [Some("https://dayu.ae-ad-1.myhuaweicloud.com"), Some("https://dws.ae-ad-1.myhuaweicloud.com"), Some("https://mrs.ae-ad-1.myhuaweicloud.com"), Some("https://iam.ae-ad-1.myhuaweicloud.com")]),
    ("af-north-1", [None, Some("https://dws.af-north-1.myhuaweicloud.com"), Some("https://mrs.af-north-1.myhuaweicloud.com"), None]),
    ("af-south-1", [Some("https://dayu.af-south-1.myhuaweicloud.com"), Some("https://dws.af-south-1.myhuaweicloud.com"), Some("https://mrs.af-south-1.myhuaweicloud.com"), Some("https://iam.af-south-1.myhuaweicloud.com")]),
    ("ap-southeast-1", [Some("https://dayu.ap-southeast-1.myhuaweicloud.com"), Some("https://dws.ap-southeast-1.myhuaweicloud.com"), Some("https://mrs.ap-southeast-1.myhuaweicloud.cn"), Some("https://iam.ap-southeast-1.myhuaweicloud.com")]),
    ("ap-southeast-2", [Some("https://dayu.ap-southeast-2.myhuaweicloud.com"), Some("https://dws.ap-southeast-2.myhuaweicloud.com"), Some("https://mrs.ap-southeast-2.myhuaweicloud.com"), Some("https://iam.ap-southeast-2.myhuaweicloud.com")]),
    ("ap-southeast-3", [Some("https://dayu.ap-southeast-3.myhuaweicloud.com"), Some("https://dws.ap-southeast-3.myhuaweicloud.com"), Some("https://mrs.ap-southeast-3.myhuaweicloud.com"), Some("https://iam.ap-southeast-3.myhuaweicloud.com")]),
    ("ap-southeast-4", [Some("https://dayu.ap-southeast-4.myhuaweicloud.com"), Some("https://dws.ap-southeast-4.myhuaweicloud.cn"), Some("https://mrs.ap-southeast-4.myhuaweicloud.cn"), Some("https://iam.ap-southeast-4.myhuaweicloud.com")]),
    ("ap-southeast-5", [None, Some("https://dws.ap-southeast-5.myhuaweicloud.com"), Some("https://mrs.ap-southeast-5.myhuaweicloud.com"), None]),
    ("cn-east-2", [Some("https://dayu.cn-east-2.myhuaweicloud.com"), Some("https://dws.cn-east-2.myhuaweicloud.com"), Some("https://mrs.cn-east-2.myhuaweicloud.com"), Some("https://iam.cn-east-2.myhuaweicloud.com")]),
    ("cn-east-3", [Some("https://dayu.cn-east-3.myhuaweicloud.com"), Some("https://dws.cn-east-3.myhuaweicloud.com"), Some("https://mrs.cn-east-3.myhuaweicloud.com"), Some("https://iam.cn-east-3.myhuaweicloud.com")]),
    ("cn-east-4", [Some("https://dayu.cn-east-4.myhuaweicloud.com"), Some("https://dws.cn-east-4.myhuaweicloud.cn"), Some("https://mrs.cn-east-4.myhuaweicloud.com"), Some("https://iam.cn-east-4.myhuaweicloud.com")]),
    ("cn-east-5", [None, Some("https://dws.cn-east-5.myhuaweicloud.com"), Some("https://mrs.cn-east-5.myhuaweicloud.com"), Some("https://iam.cn-east-5.myhuaweicloud.com")]),
    ("cn-north-1", [Some("https://dayu.cn-north-1.myhuaweicloud.com"), Some("https://dws.cn-north-1.myhuaweicloud.com"), Some("https://mrs.cn-north-1.myhuaweicloud.com"), Some("https://iam.cn-north-1.myhuaweicloud.com")]),
    ("cn-north-11", [Some("https://dayu.cn-north-11.myhuaweicloud.com"), Some("https://dws.cn-north-11.myhuaweicloud.com"), Some("https://mrs.cn-north-11.myhuaweicloud.com"), None]),
    ("cn-north-12", [None, Some("https://dws.cn-north-12.myhuaweicloud.cn"), Some("https://mrs.cn-north-12.myhuaweicloud.com"), Some("https://iam.cn-north-12.myhuaweicloud.com")]),
    ("cn-north-2", [Some("https://dayu.cn-north-2.myhuaweicloud.com"), Some("https://dws.cn-north-2.myhuaweicloud.com"), Some("https://mrs.cn-north-2.myhuaweicloud.com"), Some("https://iam.cn-north-2.myhuaweicloud.com")]),
    ("cn-north-4", [Some("https://dayu.cn-north-4.myhuaweicloud.com"), Some("https://dws.cn-north-4.myhuaweicloud.com"), Some("https://mrs.cn-north-4.myhuaweicloud.com"), Some("https://iam.cn-north-4.myhuaweicloud.com")]),
    ("cn-north-9", [Some("https://dayu.cn-north-9.myhuaweicloud.com"), Some("https://dws.cn-north-9.myhuaweicloud.com"), Some("https://mrs.cn-north-9.myhuaweicloud.com"), Some("https://iam.cn-north-9.myhuaweicloud.com")]),
    ("cn-south-1", [Some("https://dayu.cn-south-1.myhuaweicloud.com"), Some("https://dws.cn-south-1.myhuaweicloud.com"), Some("https://mrs.cn-south-1.myhuaweicloud.com"), Some("https://iam.cn-south-1.myhuaweicloud.com")]),
    ("cn-south-4", [None, Some("https://dws.cn-south-4.myhuaweicloud.cn"), Some("https://mrs.cn-south-4.myhuaweicloud.com"), None]),
    ("cn-southwest-2", [Some("https://dayu.cn-southwest-2.myhuaweicloud.com"), Some("https://dws.cn-southwest-2.myhuaweicloud.com"), Some("https://mrs.cn-southwest-2.myhuaweicloud.com"), Some("https://iam.cn-southwest-2.myhuaweicloud.com")]),
    ("cn-southwest-3", [None, Some("https://dws.cn-southwest-3.myhuaweicloud.com"), Some("https://mrs.cn-southwest-3.myhuaweicloud.com"), None]),
    ("eu-west-0", [None, None, Some("https://mrs.eu-west-0.myhuaweicloud.com"), Some("https://iam.eu-west-0.myhuaweicloud.com")]),
    ("eu-west-101", [Some("https://dayu.eu-west-101.myhuaweicloud.com"), Some("https://dws.eu-west-101.myhuaweicloud.eu"), Some("https://mrs.eu-west-101.myhuaweicloud.eu"), Some("https://iam.eu-west-101.myhuaweicloud.eu")]),
    ("la-north-2", [Some("https://dayu.la-north-2.myhuaweicloud.com"), Some("https://dws.la-north-2.myhuaweicloud.com"), Some("https://mrs.la-north-2.myhuaweicloud.com"), Some("https://iam.la-north-2.myhuaweicloud.com")]),
    ("la-south-2", [Some("https://dayu.la-south-2.myhuaweicloud.com"), Some("https://dws.la-south-2.myhuaweicloud.com"), Some("https://mrs.la-south-2.myhuaweicloud.com"), Some("https://iam.la-south-2.myhuaweicloud.com")]),
    ("me-east-1", [Some("https://dayu.me-east-1.myhuaweicloud.com"), Some("https://dws.me-east-1.myhuaweicloud.com"), Some("https://mrs.me-east-1.myhuaweicloud.com"), Some("https://iam.me-east-1.myhuaweicloud.com")]),
    ("my-kualalumpur-1", [Some("https://dayu.my-kualalumpur-1.myhuaweicloud.com"), Some("https://dws.my-kualalumpur-1.myhuaweicloud.com"), Some("https://mrs.my-kualalumpur-1.myhuaweicloud.com"), Some("https://iam.my-kualalumpur-1.myhuaweicloud.com")]),
    ("na-mexico-1", [Some("https://dayu.na-mexico-1.myhuaweicloud.com"), Some("https://dws.na-mexico-1.myhuaweicloud.com"), Some("https://mrs.na-mexico-1.myhuaweicloud.com"), Some("https://iam.na-mexico-1.myhuaweicloud.com")]),
    ("ru-moscow-1", [Some("https://dayu.ru-moscow-1.myhuaweicloud.com"), Some("https://dws.ru-moscow-1.myhuaweicloud.com"), Some("https://mrs.ru-moscow-1.myhuaweicloud.com"), Some("https://iam.ru-moscow-1.myhuaweicloud.com")]),
    ("ru-northwest-2", [Some("https://dayu.ru-northwest-2.myhuaweicloud.com"), None, Some("https://mrs.ru-northwest-2.myhuaweicloud.cn"), None]),
    ("sa-brazil-1", [Some("https://dayu.sa-brazil-1.myhuaweicloud.com"), Some("https://dws.sa-brazil-1.myhuaweicloud.com"), Some("https://mrs.sa-brazil-1.myhuaweicloud.com"), Some("https://iam.sa-brazil-1.myhuaweicloud.com")]),
    ("tr-west-1", [Some("https://dayu.tr-west-1.myhuaweicloud.com"), Some("https://dws.tr-west-1.myhuaweicloud.cn"), Some("https://mrs.tr-west-1.myhuaweicloud.com"), Some("https://iam.tr-west-1.myhuaweicloud.com")]),
];
