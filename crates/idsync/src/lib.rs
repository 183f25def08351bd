//! Is identity synchronization healthy on Huawei Cloud data platforms?
